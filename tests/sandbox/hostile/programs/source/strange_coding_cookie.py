# /// hostile
# verdicts = ["accepted", "syntax_error"]
# danger = "A coding cookie asks for a codec in which the text means something else."
# built = true
# ///
SOURCE = "# -*- coding: rot13 -*-\ndef f(x):\n    return x + 1\n"
