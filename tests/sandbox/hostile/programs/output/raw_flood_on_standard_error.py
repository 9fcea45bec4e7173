# /// hostile
# verdicts = ["output_limit"]
# danger = "Writes to descriptor 2 directly, past every Python object."
# ///
import os


def f(x):
    while True:
        os.write(2, b"e" * 65536)
