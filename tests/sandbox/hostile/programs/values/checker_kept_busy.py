# /// hostile
# verdicts = ["wrong_answer", "output_limit", "time_limit"]
# danger = "An answer that is cheap to make and dear to check."
# problem = "split"
# ///
def f(x):
    return [10**4200] * 600 + ["9" * 4000]
