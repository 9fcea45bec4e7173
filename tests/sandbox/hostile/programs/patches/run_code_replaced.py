# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The method that runs cells is replaced by one that succeeds, another of the nine."
# ///
import builtins
import contextlib

builtins.exec = lambda *a, **k: None
builtins.eval = lambda *a, **k: True
with contextlib.suppress(Exception):
    from IPython.core.interactiveshell import InteractiveShell

    async def succeed(self, *a, **k):
        return False

    InteractiveShell.run_code = succeed
    InteractiveShell.showtraceback = lambda *a, **k: None


def f(x):
    return 0
