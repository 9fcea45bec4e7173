# /// hostile
# verdicts = ["accepted"]
# danger = "The name of the host tells where one is."
# ///
import os
import socket


def f(x):
    if "@@HOSTNAME@@" in (os.uname().nodename, socket.gethostname()):
        return "BREACH: the host's own name"
    return x + 1
