# /// hostile
# verdicts = ["accepted"]
# danger = "A service on the loopback interface believes that only friends can reach it."
# ///
import socket


def f(x):
    for address in ("127.0.0.1", "0.0.0.0", "localhost", "::1", "@@HOSTNAME@@"):
        try:
            with socket.create_connection((address, int("@@TCP_PORT@@")), 0.2) as link:
                link.sendall(b"hello from a box")
                return "BREACH: connected to " + address
        except OSError:
            continue
    return x + 1
