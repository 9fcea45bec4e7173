# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Locals and globals of everything that is on a stack."
# problem = "vault"
# ///
import sys


def f(x):
    for frame in sys._current_frames().values():
        while frame:
            print(frame.f_code.co_name, sorted(frame.f_globals), str(frame.f_locals)[:3000])
            frame = frame.f_back
    return x
