# /// hostile
# verdicts = ["syntax_error"]
# danger = "Python refuses a NUL in source, with a different exception in each version."
# built = true
# ///
SOURCE = "def f(x):\n    return x + 1\n\0"
