# /// hostile
# verdicts = ["wrong_answer"]
# danger = "2.0 equals 2 in Python, and large integers lose their last digits."
# ///
def f(x):
    return x + 1.0
