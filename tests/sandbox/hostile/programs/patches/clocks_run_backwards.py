# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "accepted"]
# danger = "Clocks that return impossible numbers, for whoever reports them."
# ///
import resource
import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda *_: float("nan"))
for name in ("time_ns", "monotonic_ns", "perf_counter_ns", "process_time_ns", "thread_time_ns"):
    setattr(time, name, lambda *_: -(10**40))
resource.getrusage = lambda who: [float("-inf")] * 16


def f(x):
    return x + 1
