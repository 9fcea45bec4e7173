# /// hostile
# verdicts = ["accepted"]
# danger = "A file for the next student, or for an accomplice."
# ///
import contextlib
import os


def f(x):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", ".", os.path.expanduser("~"), "@@OPEN_FOLDER@@"):
        with contextlib.suppress(OSError), open(os.path.join(folder, "left_@@MARK@@"), "w") as file:
            file.write("@@MARK@@")
    return x + 1
