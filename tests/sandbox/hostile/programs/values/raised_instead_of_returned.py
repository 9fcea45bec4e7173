# /// hostile
# verdicts = ["runtime_error", "wrong_answer"]
# danger = "An exception that carries a value and compares equal to everything."
# ///
class Answer(Exception):
    def __eq__(self, other):
        return True

    def __init__(self, value):
        self.value = value


def f(x):
    raise Answer(x + 1)
