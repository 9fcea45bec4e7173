# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Collects hidden inputs over several calls and tells them in the next visible one, or when a case is run again."
# problem = "vault"
# ///
import os

seen = []


def f(x):
    seen.append(x)
    for path in ("/tmp/seen", "/dev/shm/seen", "seen"):
        try:
            with open(path, "a+") as file:
                file.write(x + "\n")
                file.seek(0)
                seen.extend(file.read().split())
        except OSError:
            continue
    if x == "public":
        print(seen, os.listdir("/tmp"))
    return "nothing"
