# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "Each thread asks for a stack of one gigabyte and touches a good part of it."
# ///
import threading


def deep(n):
    return n and deep(n - 1)


def f(x):
    threading.stack_size(1 << 30)
    for _ in range(64):
        try:
            threading.Thread(target=deep, args=(900,)).start()
        except (RuntimeError, MemoryError, ValueError):
            break
    return x + 1
