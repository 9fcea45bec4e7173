# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "Threads until the system refuses; none of them ever ends and none is a daemon."
# ///
import threading


def f(x):
    gate = threading.Event()
    for _ in range(20_000):
        try:
            threading.Thread(target=gate.wait).start()
        except RuntimeError:
            break
    return x + 1
