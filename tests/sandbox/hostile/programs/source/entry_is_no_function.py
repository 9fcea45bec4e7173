# /// hostile
# verdicts = ["runtime_error", "wrong_answer"]
# danger = "The name exists and is no function."
# ///
f = 2
