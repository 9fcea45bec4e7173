# /// hostile
# verdicts = ["runtime_error"]
# danger = "The wrong number of parameters."
# ///
def f():
    return 2
