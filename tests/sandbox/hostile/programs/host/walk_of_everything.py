# /// hostile
# verdicts = ["accepted", "time_limit"]
# danger = "Looks through every folder where people keep things."
# ///
import os
import sys


def f(x):
    shown = (os.path.realpath(sys.base_prefix), os.path.realpath(sys.prefix))
    for top in ("/home", "/root", "/tmp", "/var", "/run", "/srv", "/mnt", "/media", "/etc", "/work", "/data", "/opt"):
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if os.path.join(folder, name) not in shown]
            for name in files[:50]:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        if b"@@CANARY_PREFIX@@" in file.read(4096):
                            return "BREACH: " + folder
                except OSError:
                    continue
    return x + 1
