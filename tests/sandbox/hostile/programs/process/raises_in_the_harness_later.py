# /// hostile
# verdicts = ["accepted", "runtime_error", "wrong_answer"]
# danger = "A timer raises an exception while the harness is at work, not the function."
# ///
import signal


def strike(*_):
    raise SystemExit(0)


signal.signal(signal.SIGALRM, strike)


def f(x):
    signal.setitimer(signal.ITIMER_REAL, 0.0004, 0.0004)
    return x + 1
