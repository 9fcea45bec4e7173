# /// hostile
# verdicts = ["runtime_error"]
# danger = "The methods that must return text return something else."
# ///
class Odd(Exception):
    def __str__(self):
        return 42

    def __repr__(self):
        return None


def f(x):
    raise Odd
