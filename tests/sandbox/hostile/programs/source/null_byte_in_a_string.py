# /// hostile
# verdicts = ["syntax_error"]
# danger = "The same inside a literal, where it looks harmless."
# built = true
# ///
SOURCE = "def f(x):\n    s = 'a\0b'\n    return x + 1\n"
