# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit"]
# danger = "Closes one direction of the channel at a time."
# problem = "vault"
# ///
import os
import socket
import stat


def f(x):
    for how in (socket.SHUT_RD, socket.SHUT_WR):
        for fd in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    socket.socket(fileno=os.dup(fd)).shutdown(how)
            except OSError:
                continue
    return x
