# /// hostile
# verdicts = ["accepted", "syntax_error", "runtime_error", "time_limit", "memory_limit", "output_limit"]
# danger = "A single line that any error message would quote in full."
# built = true
# ///
SOURCE = "data = '" + "a" * 3_000_000 + "' +\n"
