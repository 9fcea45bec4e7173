# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit"]
# danger = "Numbers that JSON has no word for, or that overflow when they are read."
# problem = "vault"
# ///
def f(x):
    return [float("nan"), float("inf"), -0.0, 5e-324, 1.7976931348623157e308, 10**400, -(10**4000), complex("nan+infj")]
