# /// hostile
# verdicts = ["time_limit"]
# danger = "Every clock of the time module stands still while the function computes."
# ///
import resource
import time

for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
             "process_time_ns", "thread_time", "thread_time_ns", "clock_gettime", "clock_gettime_ns"):
    setattr(time, name, lambda *_: 0)
resource.getrusage = lambda who: type("Usage", (), {"ru_utime": 0.0, "ru_stime": 0.0, "ru_maxrss": 0})()


def f(x):
    while True:
        pass
