# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit"]
# danger = "Takes nonce and channel from the harness's frame and answers in its place, with a form that a decoder may stumble over."
# problem = "vault"
# ///
import json
import os
import struct
import sys

FORMS = [["B", "zz"], ["L", [1], 99], ["L", [], 0], ["i", "-0x-1"], ["f", "0x1p99999999"], ["d", [[["l", []], 1]]], ["t"], [],
         ["?", "int", "x" * 1_000_000], ["a", "<i8", [-1], []], ["n", "<i8", ["l", []]], ["s", "ff"], ["l", {"0": 1}], 1.5]
turn = iter(FORMS * 20)


def f(x):
    frame = sys._getframe()
    while frame:
        harness = frame.f_locals.get("self")
        if getattr(harness, "nonce", None):
            text = json.dumps({"n": harness.nonce, "v": next(turn), "a": []}).encode()
            os.write(harness.channel.descriptor, struct.pack("<I", len(text)) + text)
            while True:
                sys._getframe()
        frame = frame.f_back
    return x
