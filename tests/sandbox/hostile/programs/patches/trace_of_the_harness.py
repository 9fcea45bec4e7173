# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "A trace function on the harness's frames may change its locals and jump over its lines."
# problem = "vault"
# ///
import sys


def trace(frame, event, arg):
    frame.f_trace_opcodes = True
    for name, value in list(frame.f_locals.items()):
        if value is False:
            frame.f_locals[name] = True
    try:
        frame.f_lineno = frame.f_lineno + 2
    except ValueError:
        pass
    return trace


def f(x):
    frame = sys._getframe()
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)
    sys.setprofile(lambda *a: None)
    return x
