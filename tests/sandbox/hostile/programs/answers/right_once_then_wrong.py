# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Passes the visible example and fails hidden cases only, so that the report explains a hidden case."
# problem = "vault"
# ///
def f(x):
    return "@@PUBLIC_ANSWER@@" if x == "public" else [x, x, x]
