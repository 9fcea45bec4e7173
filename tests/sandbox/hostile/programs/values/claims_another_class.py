# /// hostile
# verdicts = ["wrong_answer"]
# danger = "__class__ says int and type() does not."
# ///
class Mask:
    @property
    def __class__(self):
        return int

    def __eq__(self, other):
        return True

    def __index__(self):
        return 2


def f(x):
    return Mask()
