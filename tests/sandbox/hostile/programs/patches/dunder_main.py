# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Replaces the namespace in which the harness looks for the entry point."
# ///
import sys
import types

fake = types.ModuleType("__main__")
fake.f = lambda x: 0
sys.modules["__main__"] = fake
globals()["__name__"] = "harness"
globals()["__builtins__"] = {}


def f(x):
    return 0
