# /// hostile
# verdicts = ["accepted"]
# danger = "Bytes that are no UTF-8, and half a character at the end."
# ///
import os


def f(x):
    os.write(1, bytes(range(128, 256)) + "€".encode()[:2])
    return x + 1
