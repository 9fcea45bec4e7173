# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Nesting that one side of the channel can still walk and the other perhaps not."
# problem = "vault"
# ///
turn = iter([90, 190, 240, 320, 480, 900, 990] * 9)


def f(x):
    value = x
    for _ in range(next(turn)):
        value = [value]
    return value
