# /// hostile
# verdicts = ["syntax_error", "runtime_error", "memory_limit"]
# danger = "Unary operators recurse in the compiler and not in the tokenizer."
# built = true
# ///
SOURCE = "x = " + "-" * 200_000 + "1\n"
