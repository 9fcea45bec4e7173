# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "memory_limit"]
# danger = "Integers chosen so that all their hashes are equal: quadratic work for whoever puts them into a set."
# problem = "vault"
# ///
def f(x):
    step = 2**61 - 1
    return {i * step for i in range(1, 4_000)} and [{i * step: i for i in range(1, 2_000)}, frozenset(range(0, step * 900, step))]
