# /// hostile
# verdicts = ["syntax_error", "runtime_error", "memory_limit"]
# danger = "Nesting that overflows the parser."
# built = true
# ///
SOURCE = "x = " + "(" * 100_000 + ")" * 100_000
