# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit"]
# danger = "Changes flags, owner and buffer sizes of descriptors that both sides share."
# problem = "vault"
# ///
import fcntl
import os
import socket
import stat


def f(x):
    for fd in range(64):
        try:
            fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC | os.O_APPEND)
            fcntl.fcntl(fd, fcntl.F_SETOWN, 1)
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                link = socket.socket(fileno=os.dup(fd))
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        except OSError:
            continue
    return x
