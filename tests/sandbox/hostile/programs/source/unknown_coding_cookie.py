# /// hostile
# verdicts = ["accepted", "syntax_error"]
# danger = "A codec that does not exist, or that runs code when it is looked up."
# built = true
# ///
SOURCE = "# coding: no-such-codec-../../etc/passwd\ndef f(x):\n    return x + 1\n"
