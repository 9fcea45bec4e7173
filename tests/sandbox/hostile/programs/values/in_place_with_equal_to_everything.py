# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Fills the list that is looked at after the call with objects that equal anything."
# problem = "order"
# ///
class Yes:
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True


def f(values):
    values[:] = [Yes() for _ in values]
