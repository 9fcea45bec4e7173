# /// hostile
# verdicts = ["syntax_error"]
# danger = "The most ordinary mistake of all."
# built = true
# ///
SOURCE = "def f(x):\n    return '''x + 1\n"
