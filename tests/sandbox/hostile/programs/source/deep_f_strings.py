# /// hostile
# verdicts = ["accepted", "syntax_error", "runtime_error", "memory_limit"]
# danger = "Strings within formatted strings, which newer parsers treat recursively."
# built = true
# ///
SOURCE = "x = " + "".join("f\"{" for _ in range(200)) + "1" + "}\"" * 200 + "\ndef f(x):\n    return x + 1\n"
