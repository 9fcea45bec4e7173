# /// hostile
# verdicts = ["accepted"]
# danger = "Abstract names live in no file system, so hiding files does not hide them."
# ///
import socket


def f(x):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as link:
                link.connect("\0@@ABSTRACT@@")
                return "BREACH: reached an abstract socket"
        except OSError:
            continue
    return x + 1
