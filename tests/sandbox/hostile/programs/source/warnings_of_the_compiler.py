# /// hostile
# verdicts = ["accepted", "syntax_error", "output_limit", "time_limit"]
# danger = "Each invalid escape is a warning of its own, before the first line runs."
# built = true
# ///
SOURCE = "".join(f"s{i} = '\\d\\q\\z'\n" for i in range(5_000)) + "def f(x):\n    return x + 1\n"
