# /// hostile
# verdicts = ["accepted", "runtime_error", "wrong_answer"]
# danger = "Puts an object in place of standard output whose every method misbehaves."
# ///
import sys


class Broken:
    def __getattr__(self, name):
        raise SystemExit(0)

    def write(self, text):
        raise KeyboardInterrupt

    def flush(self):
        raise GeneratorExit


def f(x):
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Broken()
    return x + 1
