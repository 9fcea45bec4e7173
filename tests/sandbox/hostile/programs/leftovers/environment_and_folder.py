# /// hostile
# verdicts = ["accepted"]
# danger = "The environment, the working folder, the mask and the host's name."
# ///
import contextlib
import os
import socket


def f(x):
    os.environ["left_MARK"] = "@@MARK@@"
    os.environ["PYTHONSTARTUP"] = os.environ["LD_PRELOAD"] = "/tmp/left_@@MARK@@.so"
    os.umask(0o777)
    with contextlib.suppress(OSError):
        os.chdir("/")
    with contextlib.suppress(OSError):
        socket.sethostname("left-@@MARK@@")
    return x + 1
