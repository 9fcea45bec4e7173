# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Text that reads like the answer."
# ///
def f(x):
    return str(x + 1)
