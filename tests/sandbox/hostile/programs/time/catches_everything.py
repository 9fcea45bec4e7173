# /// hostile
# verdicts = ["time_limit"]
# danger = "Swallows every exception that a timeout may raise inside it."
# ///
def f(x):
    while True:
        try:
            while True:
                x += 1
        except BaseException:  # the point of this program
            continue
