# /// hostile
# verdicts = ["syntax_error"]
# danger = "An error that only the second pass of the compiler finds."
# ///
def f(x):
    return x + 1


from __future__ import annotations
