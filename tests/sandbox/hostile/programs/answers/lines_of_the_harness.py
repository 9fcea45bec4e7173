# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Source lines that Python keeps for tracebacks, and the source of every caller."
# problem = "vault"
# ///
import inspect
import linecache
import sys


def f(x):
    for name, entry in list(linecache.cache.items()):
        text = "".join(entry[2]) if len(entry) > 2 else ""
        if "expected" in text or "hidden" in text:
            print(name, text[:500])
    frame = sys._getframe().f_back
    while frame:
        try:
            print(inspect.getsource(frame)[:500])
        except (OSError, TypeError):
            print(frame.f_code.co_consts)
        frame = frame.f_back
    return x
