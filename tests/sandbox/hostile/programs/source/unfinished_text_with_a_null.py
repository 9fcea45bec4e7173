# /// hostile
# verdicts = ["syntax_error"]
# danger = "The error's own text line holds characters that the report must not."
# built = true
# ///
SOURCE = "def f(x):\n    return \x01\x1b[31m\ufffe(x + 1\n"
