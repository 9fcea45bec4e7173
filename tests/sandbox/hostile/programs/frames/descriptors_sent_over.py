# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Passes hundreds of descriptors to the trusted process, which may run out of its own."
# problem = "vault"
# ///
import array
import os
import socket
import stat


def f(x):
    fds = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(60)])
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                link = socket.socket(fileno=os.dup(fd))
                for _ in range(10):
                    link.sendmsg([b"{"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        except OSError:
            continue
    return x
