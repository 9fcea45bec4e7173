# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "accepted"]
# danger = "The functions that a harness uses to tell types apart."
# problem = "vault"
# ///
import builtins

builtins.isinstance = lambda *a: True
builtins.issubclass = lambda *a: True
builtins.len = lambda value: 0
builtins.repr = lambda value: "'accepted'"
builtins.print = lambda *a, **k: None
builtins.list = tuple
builtins.hash = lambda value: 0
builtins.all = builtins.any = lambda values: True


def f(x):
    return x
