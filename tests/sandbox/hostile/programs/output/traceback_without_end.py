# /// hostile
# verdicts = ["runtime_error"]
# danger = "A traceback of many thousand frames through code with a forged file name."
# ///
import sys

sys.setrecursionlimit(30_000)
code = compile("def g(n, back):\n    return back(n)\n", "/etc/passwd", "exec")
exec(code)


def f(x, n=8_000):
    if n == 0:
        raise ValueError("at the bottom")
    return g(n, lambda m: f(x, m - 1))
