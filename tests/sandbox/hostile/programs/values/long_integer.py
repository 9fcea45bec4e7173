# /// hostile
# verdicts = ["wrong_answer"]
# danger = "More digits than int() and str() convert without being asked."
# problem = "vault"
# ///
def f(x):
    return [10**4299, 10**4300, -(10**5000), 7**60_000]
