# /// hostile
# verdicts = ["time_limit"]
# danger = "Never gets as far as defining the function."
# ///
n = 0
while n >= 0:
    n += 1


def f(x):
    return x + 1
