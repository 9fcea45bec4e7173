# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "accepted"]
# danger = "The entries of sys.modules are exchanged for an object that answers everything."
# problem = "vault"
# ///
import sys


class Anything:
    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter(())


for name in list(sys.modules):
    if name not in {"sys", "builtins", "__main__"}:
        sys.modules[name] = Anything()


def f(x):
    return x
