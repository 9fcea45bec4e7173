# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The display hook decides what a result looks like, another of the nine."
# ///
import builtins
import contextlib
import sys

sys.displayhook = lambda value: setattr(builtins, "_", 1.0)
with contextlib.suppress(Exception):
    from IPython.core.displayhook import DisplayHook
    from IPython.core.formatters import DisplayFormatter

    DisplayHook.__call__ = lambda self, result=None: None
    DisplayFormatter.format = lambda self, obj, *a: ({"text/plain": "1.0"}, {})


class Full:
    def __repr__(self):
        return "1.0"

    def _repr_mimebundle_(self, **_):
        return {"text/plain": "1.0", "application/vnd.nbgrader+json": {"score": 1}}


def f(x):
    return Full()
