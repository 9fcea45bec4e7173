# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Even a truthful child of int may change its mind later."
# ///
class Number(int):
    pass


def f(x):
    return Number(x + 1)
