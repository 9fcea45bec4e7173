# /// hostile
# verdicts = ["accepted"]
# danger = "/proc/PID/root, cwd, fd and exe lead to where another process stands."
# ///
import os


def f(x):
    for pid in ("1", "self", str(os.getppid()), "thread-self"):
        for name in ("root", "cwd", *(f"fd/{n}" for n in range(12)), *(f"map_files/{n}" for n in range(3))):
            base = f"/proc/{pid}/{name}"
            for path in (base + "@@SECRET_FILE@@", base + "/../../.." + "@@SECRET_FILE@@"):
                try:
                    with open(path) as file:
                        return f"BREACH: {path} {file.read()[:60]}"
                except OSError:
                    continue
    return x + 1
