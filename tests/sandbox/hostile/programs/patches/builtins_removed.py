# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Takes the names away that the harness looks up at the last moment."
# ///
import builtins


def f(x):
    for name in list(vars(builtins)):
        if name not in {"__import__", "list", "vars"}:
            delattr(builtins, name)
    return x + 1
