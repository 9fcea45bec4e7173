# /// hostile
# verdicts = ["syntax_error"]
# danger = "Text that cannot be encoded on its way into the box."
# built = true
# ///
SOURCE = "def f(x):\n    s = '\udc80\ud800'\n    return x + 1\n"
