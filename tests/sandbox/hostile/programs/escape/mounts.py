# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "A new mount shows what the old ones hid."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    os.makedirs("/tmp/m", exist_ok=True)
    for source, kind, flags in ((b"none", b"tmpfs", 0), (b"proc", b"proc", 0), (b"/", b"", 4096), (b"none", b"sysfs", 0),
                                (b"none", b"cgroup2", 0), (b"none", b"overlay", 0), (b"none", b"fuse", 0)):
        if libc.mount(source, b"/tmp/m", kind, flags, None) == 0:
            return f"BREACH: mounted {kind!r}"
    for flags in (32, 1 << 20, 4096 | 32 | 16384):
        if libc.mount(None, b"/", None, flags, None) == 0:
            return f"BREACH: changed the root mount with {flags}"
    for where in (b"/proc", b"/tmp", b"/dev", b"/usr", b"/"):
        if libc.umount2(where, 2) == 0:
            return f"BREACH: unmounted {where!r}"
    return x + 1
