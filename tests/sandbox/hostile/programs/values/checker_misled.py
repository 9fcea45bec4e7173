# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Values that behave well only while the checker looks at them."
# problem = "split"
# ///
class Part(int):
    def __add__(self, other):
        return 10**18

    __radd__ = __add__

    def __eq__(self, other):
        return True

    __ge__ = __gt__ = __le__ = __lt__ = __eq__


class Both(list):
    def __len__(self):
        return 2

    def __iter__(self):
        return iter((Part(0), Part(0)))


def f(x):
    return Both([Part(0), Part(0)])
