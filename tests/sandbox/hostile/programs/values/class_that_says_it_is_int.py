# /// hostile
# verdicts = ["wrong_answer"]
# danger = "A metaclass that answers isinstance, name and module like int does."
# ///
class Meta(type):
    def __instancecheck__(cls, value):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(int)


Copy = Meta("int", (), {"__module__": "builtins", "__qualname__": "int", "__eq__": lambda self, other: True})


def f(x):
    return Copy()
