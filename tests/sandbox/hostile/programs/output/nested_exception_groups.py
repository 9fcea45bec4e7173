# /// hostile
# verdicts = ["runtime_error"]
# danger = "Groups within groups, deeper than any recursive printer can go."
# ///
def f(x):
    trouble = ValueError("inside")
    for _ in range(20_000):
        trouble = ExceptionGroup("layer", [trouble])
    raise trouble
