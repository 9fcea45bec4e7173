# /// hostile
# verdicts = ["time_limit"]
# danger = "Handles SIGXCPU and SIGALRM and raises its own limits, then goes on."
# ///
import resource
import signal


def f(x):
    signal.signal(signal.SIGXCPU, lambda *_: None)
    signal.signal(signal.SIGALRM, lambda *_: None)
    for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_DATA):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            continue
    while True:
        pass
