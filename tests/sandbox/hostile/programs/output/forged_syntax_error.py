# /// hostile
# verdicts = ["runtime_error"]
# danger = "A SyntaxError raised at run time whose position is absurd."
# ///
def f(x):
    error = SyntaxError("not really", ("/etc/shadow", 10**30, -(10**30), "x" * 1_000_000))
    error.lineno = "many"
    error.text = object()
    raise error
