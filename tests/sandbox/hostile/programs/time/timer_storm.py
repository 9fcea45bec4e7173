# /// hostile
# verdicts = ["accepted", "time_limit", "runtime_error"]
# danger = "A timer fires every few microseconds and interrupts each system call of the harness."
# ///
import signal


def f(x):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.00001, 0.00001)
    return x + 1
