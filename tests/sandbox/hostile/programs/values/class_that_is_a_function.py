# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The constructor returns something that is no instance."
# problem = "counter"
# ///
def Counter(start):
    return {"add": 1, "total": 2}
