# /// hostile
# verdicts = ["accepted", "syntax_error"]
# danger = "An editor on Windows puts one in front."
# built = true
# ///
SOURCE = "\ufeffdef f(x):\n    return x + 1\n"
