# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Where ValueError is expected, a class of the same name that is no ValueError."
# problem = "refusal"
# ///
class ValueError(Exception):
    pass


def f(x):
    if x < 0:
        raise ValueError("negative")
    return x
