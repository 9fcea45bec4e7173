# /// hostile
# verdicts = ["runtime_error", "memory_limit", "time_limit"]
# danger = "Recursion through C functions, with the guard raised, until the stack overflows."
# ///
import sys


class Mirror:
    def __repr__(self):
        return repr([self])

    def __getattr__(self, name):
        return getattr(self, name)


def f(x):
    sys.setrecursionlimit(1 << 30)
    return repr(Mirror()) or Mirror().depth
