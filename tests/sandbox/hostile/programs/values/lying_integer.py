# /// hostile
# verdicts = ["wrong_answer"]
# danger = "A child of int that shows one number and is another."
# ///
class Liar(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 2

    def __repr__(self):
        return "2"

    __str__ = __repr__

    def __index__(self):
        return 2

    __int__ = __index__

    def __reduce__(self):
        return int, (2,)


def f(x):
    return Liar(0)
