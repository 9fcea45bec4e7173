# /// hostile
# verdicts = ["runtime_error"]
# danger = "SystemExit is no Exception, and a harness that only catches Exception dies of it."
# ///
import sys


def f(x):
    sys.exit(x)
