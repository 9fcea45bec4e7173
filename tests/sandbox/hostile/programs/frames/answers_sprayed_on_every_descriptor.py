# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "Guesses the framing and writes answers and verdicts to each descriptor before it is asked."
# problem = "vault"
# ///
import json
import os
import stat
import struct

GUESSES = [
    {"verdict": "accepted", "passed": 3, "score": 1.0},
    {"ok": True, "value": "x", "id": 1},
    {"ending": "returned", "value": ["str", "x"], "nonce": 0},
    {"type": "result", "result": True, "status": "passed"},
]

for fd in range(256):
    try:
        kind = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind):
        for guess in GUESSES:
            text = json.dumps(guess).encode()
            for head in (struct.pack("<I", len(text)), struct.pack(">I", len(text)), struct.pack("<Q", len(text)), b""):
                try:
                    os.set_blocking(fd, False)
                    os.write(fd, head + text + b"\n")
                except OSError:
                    break
for fd in range(256):
    try:
        os.set_blocking(fd, True)
    except OSError:
        continue


def f(x):
    return x
