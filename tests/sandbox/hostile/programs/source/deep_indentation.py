# /// hostile
# verdicts = ["syntax_error"]
# danger = "More levels of indentation than the tokenizer keeps."
# built = true
# ///
SOURCE = "".join(" " * i + "if 1:\n" for i in range(300)) + " " * 300 + "pass\n"
