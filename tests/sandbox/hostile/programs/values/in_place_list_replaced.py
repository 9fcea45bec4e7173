# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Reaches for the harness's own copy of the arguments and puts another list there."
# problem = "order"
# ///
import gc
import sys


def f(values):
    for holder in gc.get_referrers(values):
        if isinstance(holder, list):
            holder[:] = [[]]
    frame = sys._getframe().f_back
    while frame:
        for name in list(frame.f_locals):
            if name.startswith("arg"):
                frame.f_locals[name] = ()
        frame = frame.f_back
