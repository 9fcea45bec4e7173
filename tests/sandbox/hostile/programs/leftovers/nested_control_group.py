# /// hostile
# verdicts = ["accepted"]
# danger = "A control group of one's own stays when its processes are gone."
# ///
import os


def f(x):
    for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"):
        try:
            os.mkdir(os.path.join(top, "left_@@MARK@@"))
        except OSError:
            continue
        return "BREACH: made a control group in " + top
    return x + 1
