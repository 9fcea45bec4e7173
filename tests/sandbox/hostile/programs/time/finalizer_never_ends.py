# /// hostile
# verdicts = ["time_limit"]
# danger = "The function returns at once; the destructor of a local does not."
# ///
class Anchor:
    def __del__(self):
        while True:
            pass


def f(x):
    anchor = Anchor()
    return x + 1
