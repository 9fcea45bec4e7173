# /// hostile
# verdicts = ["runtime_error", "wrong_answer"]
# danger = "A finder in front of all others gives the student's code to whoever imports late, as harnesses do for tracebacks."
# ///
import builtins
import sys

for name in ("traceback", "linecache", "inspect", "asyncio", "tokenize", "textwrap", "ast", "contextlib", "types"):
    sys.modules.pop(name, None)
real = builtins.__import__


def trap(name, *args, **kwargs):
    raise SystemExit(f"{name} is mine")


class Finder:
    def find_spec(self, name, path=None, target=None):
        raise KeyboardInterrupt


sys.meta_path.insert(0, Finder())
sys.path[:] = ["/tmp"]


def f(x):
    builtins.__import__ = trap
    raise ValueError("please print my traceback")
