# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "Two hundred thousand opening brackets, for a parser that recurses."
# problem = "vault"
# ///
import os
import stat
import struct

BODY = b"[" * 200_000


def f(x):
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.write(fd, struct.pack("<I", len(BODY)) + BODY)
        except OSError:
            continue
    return x
