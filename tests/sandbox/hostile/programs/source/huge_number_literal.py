# /// hostile
# verdicts = ["syntax_error"]
# danger = "A literal longer than the conversion limit."
# built = true
# ///
SOURCE = "def f(x):\n    return x + " + "9" * 100_000 + "\n"
