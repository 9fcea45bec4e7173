# /// hostile
# verdicts = ["wrong_answer"]
# danger = "A float whose subtraction and absolute value are its own."
# problem = "root"
# ///
class Elastic(float):
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __abs__(self):
        return 0.0

    def __eq__(self, other):
        return True

    __le__ = __lt__ = __ge__ = __gt__ = __eq__


def f(x):
    return Elastic(0)
