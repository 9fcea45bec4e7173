# /// hostile
# verdicts = ["wrong_answer"]
# danger = "An object that says yes to every comparison."
# ///
class Yes:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__

    def __bool__(self):
        return True


def f(x):
    return Yes()
