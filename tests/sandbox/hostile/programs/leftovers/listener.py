# /// hostile
# verdicts = ["accepted"]
# danger = "A process that waits on a socket for the next student to connect."
# ///
import os
import socket
import time


def f(x):
    if os.fork() == 0:
        os.setsid()
        kept = []
        for family, address in ((socket.AF_UNIX, "\0left_@@MARK@@"), (socket.AF_UNIX, "/tmp/left_@@MARK@@.sock"),
                                (socket.AF_INET, ("0.0.0.0", 45_454))):
            try:
                door = socket.socket(family)
                door.bind(address)
                door.listen()
                kept.append(door)
            except OSError:
                continue
        while True:
            time.sleep(1)
    return x + 1
