# /// hostile
# verdicts = ["time_limit", "accepted", "runtime_error"]
# danger = "Each child lives for a moment below the limit; orphans keep the work out of the parent's accounts."
# ///
import os
import time


def f(x):
    for _ in range(40):
        if os.fork() == 0:
            if os.fork() == 0:
                started = time.process_time()
                while time.process_time() - started < 0.1:
                    pass
            os._exit(0)
        os.wait()
    return x + 1
