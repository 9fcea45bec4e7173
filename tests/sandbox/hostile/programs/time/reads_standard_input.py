# /// hostile
# verdicts = ["runtime_error", "time_limit"]
# danger = "Waits for a line that nobody will type."
# ///
def f(x):
    return int(input("your answer? ")) + x
