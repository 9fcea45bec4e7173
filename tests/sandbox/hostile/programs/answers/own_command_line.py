# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Arguments, environment and interpreter flags as the process was started."
# problem = "vault"
# ///
import os
import sys


def f(x):
    print(sys.argv, sys.orig_argv, sys.flags, sys._xoptions, dict(os.environ))
    for name in ("cmdline", "environ", "comm", "cgroup", "attr/current"):
        try:
            with open("/proc/self/" + name) as file:
                print(name, file.read())
        except OSError:
            continue
    return x
