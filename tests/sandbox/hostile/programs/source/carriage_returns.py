# /// hostile
# verdicts = ["accepted"]
# danger = "Line ends of three systems in one text."
# built = true
# ///
SOURCE = "def f(x):\r    y = x\r\n    return y + 1\n"
