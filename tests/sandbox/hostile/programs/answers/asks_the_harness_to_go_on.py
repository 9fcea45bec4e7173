# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Calls the harness's own loop from inside, to be given the next input before answering this one."
# problem = "vault"
# ///
import inspect
import sys


def f(x):
    frame = sys._getframe().f_back
    while frame:
        for name, value in list(frame.f_globals.items()):
            if inspect.isfunction(value) and any(word in name for word in ("read", "recv", "receive", "next", "request")):
                try:
                    names = [frame.f_locals.get(p) or frame.f_globals.get(p) for p in inspect.signature(value).parameters]
                    print("next:", value(*names))
                except Exception as error:
                    print(type(error))
        frame = frame.f_back
    return x
