# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "process_vm_writev and pidfd_getfd reach into another process without attaching."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def f(x):
    buffer = ctypes.create_string_buffer(64)
    near = Vector(ctypes.addressof(buffer), 64)
    for pid in {os.getppid(), 1} - {0, os.getpid()}:
        far = Vector(id(object), 64)
        if libc.process_vm_readv(pid, ctypes.byref(near), 1, ctypes.byref(far), 1, 0) > 0:
            return f"BREACH: reads memory of {pid}"
        handle = libc.syscall(434, pid, 0)
        for number in range(8):
            if handle >= 0 and libc.syscall(438, handle, number, 0) >= 0:
                return f"BREACH: took descriptor {number} of {pid}"
    return x + 1
