# /// hostile
# verdicts = ["runtime_error"]
# danger = "An own child of BaseException, and KeyboardInterrupt and GeneratorExit after it."
# ///
class Final(BaseException):
    pass


def f(x):
    raise {0: KeyboardInterrupt, 1: Final}.get(x, GeneratorExit)
