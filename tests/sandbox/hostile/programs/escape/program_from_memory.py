# /// hostile
# verdicts = ["accepted", "runtime_error", "time_limit"]
# danger = "Runs a program that lies in no file system at all."
# ///
import os
import shutil


def f(x):
    source = shutil.which("cat") or "/bin/cat"
    try:
        with open(source, "rb") as file:
            image = file.read()
        fd = os.memfd_create("program", 0)
        os.write(fd, image)
        child = os.fork()
        if child == 0:
            try:
                os.execve(fd, ["cat", "@@SECRET_FILE@@"], {})
            finally:
                os._exit(3)
        _, status = os.waitpid(child, 0)
    except OSError:
        return x + 1
    return "BREACH: it could read the secret" if status == 0 else x + 1
