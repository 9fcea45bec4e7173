# /// hostile
# verdicts = ["accepted"]
# danger = "Asks to run before everybody else."
# ///
import os


def f(x):
    for attempt in (
        lambda: os.nice(-20),
        lambda: os.setpriority(os.PRIO_USER, 0, -20),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99)),
        lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)),
    ):
        try:
            attempt()
        except OSError:
            continue
        return "BREACH: priority raised"
    return x + 1
