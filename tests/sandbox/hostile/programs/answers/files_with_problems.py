# /// hostile
# verdicts = ["wrong_answer", "time_limit"]
# danger = "Searches the visible file system for the problem's own text."
# problem = "vault"
# ///
import os


def f(x):
    for top in (".", "/tmp", "/run", "/dev/shm", "/srv", "/opt", "/home", "/work", "/root", "/var", "/etc", "/proc/self/cwd/.."):
        for folder, folders, files in os.walk(top):
            folders[:] = folders[:40]
            for name in files:
                if name.endswith((".md", ".json", ".ipynb", ".sqlite", ".db", ".py")):
                    try:
                        with open(os.path.join(folder, name), errors="replace") as file:
                            text = file.read(200_000)
                    except OSError:
                        continue
                    if "vault" in text or "HIDDEN" in text:
                        print(folder, name, text[:1000])
    return x
