# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "An object that has every method and returns something equal to anything."
# problem = "counter"
# ///
class Yes:
    def __eq__(self, other):
        return True

    def __call__(self, *args):
        return self


class Counter:
    def __init__(self, start):
        pass

    def __getattr__(self, name):
        return Yes()
