# /// hostile
# verdicts = ["syntax_error"]
# danger = "Inconsistent indentation is a syntax error with a line, not a crash."
# built = true
# ///
SOURCE = "def f(x):\n\tif x:\n        return x\n\treturn x + 1\n"
