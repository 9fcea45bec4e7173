# /// hostile
# verdicts = ["wrong_answer"]
# danger = "True equals 1 in Python."
# ///
def f(x):
    return True if x == 0 else x + 1
