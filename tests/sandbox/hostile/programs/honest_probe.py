"""The next student: honest, and with eyes open for anything that the one before has left."""

import builtins
import json
import os
import sys

FORBIDDEN = "@@MARK@@"


def traces():
    """Everything of the previous student that can be seen from here."""
    for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~")):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if name not in ("home", "shm", "mqueue") and folder not in ("/run",):
                yield os.path.join(folder, name)
            if FORBIDDEN in name or name.startswith(("left_", "greenroom_left", "fill")):
                yield os.path.join(folder, name)
    for name in ("left_MARK", "left_" + FORBIDDEN):
        for module in (builtins, sys, json, sys.modules.get("numpy"), sys.modules.get("math"), sys.modules.get("random")):
            if hasattr(module, name):
                yield f"{module}.{name}"
        if name in os.environ or name in sys.modules:
            yield name
    if json.loads is None or json.loads("[1]") != [1] or not isinstance(2, int) or len("ab") != 2 or 2 + 2 != int("4"):
        yield "patched functions"
    if any(FORBIDDEN in value for value in os.environ.values()) or FORBIDDEN in os.uname().nodename:
        yield "the environment"
    for number in range(2, 64):
        if number not in (os.getpid(), os.getppid()):
            try:
                os.kill(number, 0)
            except OSError:
                continue
            yield f"process {number}"
    for table in ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"):
        try:
            with open(table) as file:
                if len(file.readlines()) > 1:
                    yield table
        except OSError:
            continue


def f(x):
    for trace in traces():
        return f"BREACH: the one before left {trace}"
    return x + 1
