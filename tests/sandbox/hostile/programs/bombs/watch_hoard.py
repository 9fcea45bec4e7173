# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "inotify, epoll, eventfd and timers are counted per user on the whole machine."
# ///
import ctypes
import os
import select

libc = ctypes.CDLL(None)
kept = []


def f(x):
    for _ in range(3000):
        try:
            kept.append(select.epoll())
            kept.append(os.eventfd(0))
        except OSError:
            pass
        libc.inotify_init1(0)
        libc.timerfd_create(1, 0)
    return x + 1
