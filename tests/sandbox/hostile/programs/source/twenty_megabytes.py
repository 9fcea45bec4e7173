# /// hostile
# verdicts = ["accepted", "syntax_error", "runtime_error", "time_limit", "memory_limit", "output_limit"]
# danger = "A source of twenty megabytes has to be carried, stored and compiled."
# built = true
# ///
SOURCE = "value = 1  # padding\n" * 1_000_000 + "def f(x):\n    return x + 1\n"
