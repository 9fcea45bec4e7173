# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Looks at what lies beside the argument in the heap."
# problem = "vault"
# ///
import ctypes
import re


def f(x):
    start = (id(x) & ~0xFFF) - 16 * 4096
    block = b""
    for page in range(32):
        try:
            with open("/proc/self/maps") as maps:
                spans = [tuple(int(p, 16) for p in line.split()[0].split("-")) for line in maps if " rw" in line]
        except OSError:
            return x
        low = start + page * 4096
        if any(a <= low and low + 4096 <= b for a, b in spans):
            block += ctypes.string_at(low, 4096)
    print(re.findall(rb"[A-Z]{6}-[\w-]{4,60}", block))
    return x
