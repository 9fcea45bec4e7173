# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A metaclass that claims to be a child of whatever it is compared with."
# problem = "refusal"
# ///
class Meta(type):
    def __subclasscheck__(cls, other):
        return True

    __eq__ = __instancecheck__ = __subclasscheck__

    def __hash__(cls):
        return hash(ValueError)


class Everything(BaseException, metaclass=Meta):
    pass


def f(x):
    raise Everything
