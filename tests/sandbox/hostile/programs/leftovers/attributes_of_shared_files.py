# /// hostile
# verdicts = ["accepted"]
# danger = "Times, modes and extended attributes of files that are mounted for everybody."
# ///
import json
import os
import sys


def f(x):
    for path in (sys.executable, json.__file__, os.path.dirname(json.__file__), "/usr/bin", "/"):
        for change in (
            lambda p: os.chmod(p, 0o777),
            lambda p: os.utime(p, (1, 1)),
            lambda p: os.setxattr(p, "user.left", b"@@MARK@@"),
            lambda p: os.chown(p, os.getuid(), os.getgid()),
            lambda p: os.rename(p, p + ".left"),
            lambda p: os.truncate(p, 0),
        ):
            try:
                change(path)
            except OSError:
                continue
            if path != "/":
                return "BREACH: changed " + path
    return x + 1
