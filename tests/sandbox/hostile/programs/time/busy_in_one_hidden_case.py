# /// hostile
# verdicts = ["time_limit"]
# danger = "Behaves on the visible example and loops on a hidden case only."
# ///
def f(x):
    while x == 0:
        pass
    return x + 1
