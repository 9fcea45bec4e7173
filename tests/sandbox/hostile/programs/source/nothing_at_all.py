# /// hostile
# verdicts = ["runtime_error", "wrong_answer", "syntax_error"]
# danger = "No text, hence no entry point."
# built = true
# ///
SOURCE = ""
