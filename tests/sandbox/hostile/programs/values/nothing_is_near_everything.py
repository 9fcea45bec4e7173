# /// hostile
# verdicts = ["wrong_answer"]
# danger = "NaN and infinities against a tolerance."
# problem = "root"
# ///
def f(x):
    return float("nan") if x < 3 else float("inf")
