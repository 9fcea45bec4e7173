# /// hostile
# verdicts = ["runtime_error"]
# danger = "Causes and contexts that form a circle, and a very long chain of them."
# ///
def f(x):
    first = ValueError("first")
    last = first
    for i in range(30_000):
        following = KeyError(i)
        last.__cause__ = following
        last.__context__ = first
        last = following
    last.__cause__ = first
    raise first
