# /// hostile
# verdicts = ["accepted"]
# danger = "Keys and tokens in the homes of the people who run the service."
# ///
import glob
import os
import sys

INTERPRETER = os.path.realpath(sys.base_prefix) + "/"


def f(x):
    for pattern in ("/root/*", "/root/.*", "/home/*/*", "~/.ssh/*", "/home/*/.ssh/*", "/etc/shadow", "/etc/ssh/*key",
                    "/run/secrets/*", "/run/credentials/*", "/var/run/secrets/**"):
        for path in glob.glob(os.path.expanduser(pattern)):
            try:
                names = os.listdir(path) if os.path.isdir(path) else []
                if names and not (len(names) == 1 and INTERPRETER.startswith(os.path.join(path, names[0]) + "/")):
                    return "BREACH: lists " + path
                with open(path, "rb") as file:
                    if file.read(1):
                        return "BREACH: reads " + path
            except OSError:
                continue
    return x + 1
