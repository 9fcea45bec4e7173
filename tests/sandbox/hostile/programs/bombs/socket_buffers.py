# /// hostile
# verdicts = ["accepted", "memory_limit", "runtime_error", "time_limit"]
# danger = "Kernel memory again: socket pairs whose buffers are filled, with descriptors in flight inside them."
# ///
import array
import contextlib
import socket

kept = []


def f(x):
    for _ in range(300):
        with contextlib.suppress(OSError):
            pair = socket.socketpair()
            kept.append(pair)
            pair[0].setblocking(False)
            pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
            pair[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pair[1].fileno()]))])
            while True:
                pair[0].send(bytes(65536))
    return x + 1
