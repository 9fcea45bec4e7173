# /// hostile
# verdicts = ["time_limit"]
# danger = "Ignores or blocks each signal that can be ignored or blocked, then computes."
# ///
import signal


def f(x):
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        x ^= 1
