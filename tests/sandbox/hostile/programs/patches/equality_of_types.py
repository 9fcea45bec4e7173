# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A type() that says what the caller hopes for."
# problem = "vault"
# ///
import builtins


class Agreeable(type):
    def __call__(cls, *args):
        return str

    def __instancecheck__(cls, value):
        return True


class Fake(metaclass=Agreeable):
    pass


builtins.type = Fake
builtins.str = Fake


def f(x):
    return object()
