# /// hostile
# verdicts = ["wrong_answer", "output_limit", "memory_limit", "time_limit"]
# danger = "The same for lists of lists that may come in any order."
# problem = "bags"
# ///
def f(x):
    if x == 1:
        return [[i % 7, [i % 3]] for i in range(60_000)]
    return [[[[]]] for _ in range(60_000)] + [{i: [i]} for i in range(2_000)]
