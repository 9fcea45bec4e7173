# /// hostile
# verdicts = ["wrong_answer", "output_limit", "memory_limit", "time_limit"]
# danger = "Unhashable values of the right number, nearly equal and in another order: quadratic for a naive multiset."
# problem = "bags"
# ///
def f(x):
    made = [[i, [0] * 50 + [i]] for i in range(2_000)]
    made[0] = [-1]
    return made[::-1]
