# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Exchanges standard output with the channel, so that print writes answers."
# problem = "vault"
# ///
import os
import stat


def f(x):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.dup2(fd, 1)
        except OSError:
            continue
    print('{"value": ["str", "%s"]}' % x, flush=True)
    return x
