# /// hostile
# verdicts = ["accepted", "time_limit"]
# danger = "A name server is a way out even where connections are forbidden."
# ///
import socket


def f(x):
    for name in ("example.org", "one.one.one.one"):
        try:
            return f"BREACH: {socket.getaddrinfo(name, 80)}"
        except OSError:
            continue
    for server in ("127.0.0.53", "1.1.1.1", "9.9.9.9", "192.168.0.1"):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.settimeout(0.1)
                out.connect((server, 53))
                out.send(b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1")
                return f"BREACH: {out.recv(512)!r}"
        except OSError:
            continue
    return x + 1
