# /// hostile
# verdicts = ["time_limit", "memory_limit"]
# danger = "One bytecode that multiplies for minutes without looking at signals."
# ///
def f(x):
    n = 3
    while True:
        n = n * n + x
