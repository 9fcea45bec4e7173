# /// hostile
# verdicts = ["time_limit", "memory_limit", "runtime_error"]
# danger = "Every child forks as well, so that the number of processes doubles until the machine has none left."
# ///
import os

while True:
    try:
        os.fork()
    except OSError:
        continue
