# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit"]
# danger = "Reports an exception that the harness never made: names and texts of megabytes, lines below zero."
# problem = "vault"
# ///
import json
import os
import struct
import sys

FORMS = [{"e": {"t": "T" * 900_000, "m": "m\0\ud800" * 1000, "b": "b\n" * 400_000}}, {"e": {"t": 1, "m": None, "b": []}}, {"e": []},
         {"s": {"t": "SyntaxError", "m": "x", "b": "", "l": -5, "c": 10**60}}, {"x": 1}, {"r": "f", "a": [], "k": {}}, {}]
turn = iter(FORMS * 20)


def f(x):
    frame = sys._getframe()
    while frame:
        harness = frame.f_locals.get("self")
        if getattr(harness, "nonce", None):
            text = json.dumps({"n": harness.nonce, **next(turn)}).encode()
            data = struct.pack("<I", len(text)) + text
            while data:
                data = data[os.write(harness.channel.descriptor, data) :]
            while True:
                sys._getframe()
        frame = frame.f_back
    return x
