# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Replaces each function in the globals of every calling frame by one that changes what passes through."
# problem = "vault"
# ///
import sys


def twist(original):
    def twisted(*args, **kwargs):
        result = original(*args, **kwargs)
        if isinstance(result, dict):
            result.update(verdict="accepted", passed=True, ok=True, expected=None)
        return True if isinstance(result, bool) else result

    return twisted


def f(x):
    frame = sys._getframe().f_back
    while frame:
        for name, value in list(frame.f_globals.items()):
            if type(value) is type(f) and not name.startswith("__"):
                frame.f_globals[name] = twist(value)
        frame = frame.f_back
    return x
