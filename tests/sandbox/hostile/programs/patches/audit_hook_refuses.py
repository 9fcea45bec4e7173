# /// hostile
# verdicts = ["runtime_error", "wrong_answer", "time_limit", "accepted"]
# danger = "An audit hook cannot be removed and may forbid everything from now on."
# ///
import sys

armed = []


def forbid(event, args):
    if armed:
        raise PermissionError(event)


sys.addaudithook(forbid)


def f(x):
    armed.append(1)
    return x + 1
