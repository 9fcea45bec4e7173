# /// hostile
# verdicts = ["accepted"]
# danger = "Devices are doors of the kernel that a mount of /dev leaves open."
# ///
import os
import stat


def f(x):
    harmless = {"null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr", "fd", "shm", "mqueue"}
    for name in ("mem", "kmem", "kmsg", "port", "kvm", "fuse", "net/tun", "vhost-net", "sda", "vda", "loop0", "loop-control",
                 "tty", "console", "ptmx", "pts/0", "uinput", "dri/card0", "snapshot", "userfaultfd", "rtc0"):
        try:
            os.close(os.open("/dev/" + name, os.O_RDONLY | os.O_NONBLOCK))
        except OSError:
            continue
        return "BREACH: opens /dev/" + name
    for name in os.listdir("/dev"):
        if name not in harmless and stat.S_ISBLK(os.lstat("/dev/" + name).st_mode):
            return "BREACH: sees block device " + name
    try:
        os.mknod("/tmp/disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0))
        os.close(os.open("/tmp/disk", os.O_RDONLY))
    except OSError:
        return x + 1
    return "BREACH: made a block device"
