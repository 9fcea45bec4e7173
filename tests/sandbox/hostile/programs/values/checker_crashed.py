# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Answers of the wrong shape, on which a checker raises."
# problem = "split"
# ///
turn = iter([None, [], ["a", "b"], {"a": 1}, [[], []], [None, None], 7, [float("nan"), 1]] * 9)


def f(x):
    return next(turn)
