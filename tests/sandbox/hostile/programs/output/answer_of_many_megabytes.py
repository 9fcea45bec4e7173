# /// hostile
# verdicts = ["output_limit", "memory_limit", "wrong_answer"]
# danger = "The answer itself is the flood."
# problem = "vault"
# ///
def f(x):
    return x * 4_000_000
