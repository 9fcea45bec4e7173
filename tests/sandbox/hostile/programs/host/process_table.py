# /// hostile
# verdicts = ["accepted"]
# danger = "The list of processes tells who else works on this machine."
# ///
import os


def f(x):
    try:
        pids = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return x + 1
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                line = file.read()
        except OSError:
            continue
        if b"pytest" in line or b"jupyter" in line or b"postgres" in line:
            return f"BREACH: sees {line[:40]!r}"
    return "BREACH: sees the whole machine" if len(pids) > 12 else x + 1
