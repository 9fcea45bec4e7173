# /// hostile
# verdicts = ["syntax_error", "runtime_error", "memory_limit", "time_limit"]
# danger = "Calls of calls, which crash compilers that recurse without counting."
# built = true
# ///
SOURCE = "x = f" + "()" * 100_000 + "\n"
