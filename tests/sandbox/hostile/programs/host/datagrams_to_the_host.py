# /// hostile
# verdicts = ["accepted"]
# danger = "Datagrams need no answer to carry something out."
# ///
import socket


def f(x):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "255.255.255.255"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as out:
                out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                out.sendto(b"hello from a box", (address, int("@@UDP_PORT@@")))
        except OSError:
            continue
    return x + 1
