# /// hostile
# verdicts = ["wrong_answer", "output_limit", "memory_limit", "time_limit"]
# danger = "Three million elements."
# problem = "vault"
# ///
def f(x):
    return list(range(3_000_000))
