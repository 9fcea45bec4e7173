# /// hostile
# verdicts = ["syntax_error", "runtime_error", "memory_limit", "time_limit"]
# danger = "A left-recursive chain that is deep in the tree and flat in the text."
# built = true
# ///
SOURCE = "x = a" + ".b" * 200_000 + "\ndef f(x):\n    return x + 1\n"
