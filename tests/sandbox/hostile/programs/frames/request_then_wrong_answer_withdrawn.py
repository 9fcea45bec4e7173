# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Finds the harness's own channel and counter in its frames and answers each request twice."
# problem = "vault"
# ///
import gc
import socket
import sys


def f(x):
    frame = sys._getframe()
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if isinstance(value, int) and not isinstance(value, bool) and value > 1000:
                for link in gc.get_objects():
                    if isinstance(link, socket.socket):
                        link.send(('{"nonce": %d, "%s": %d, "value": "x"}' % (value, name, value)).encode())
        frame = frame.f_back
    return x
