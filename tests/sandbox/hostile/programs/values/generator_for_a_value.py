# /// hostile
# verdicts = ["wrong_answer"]
# danger = "yield where return was meant."
# ///
def f(x):
    yield x + 1
