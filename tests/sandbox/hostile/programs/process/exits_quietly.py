# /// hostile
# verdicts = ["runtime_error"]
# danger = "Ends the process with success, without an exception and without an answer."
# ///
import os


def f(x):
    os._exit(0)
