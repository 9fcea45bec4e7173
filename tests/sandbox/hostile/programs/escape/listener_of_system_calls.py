# /// hostile
# verdicts = ["accepted", "runtime_error"]
# needs = ["seccomp"]
# danger = "A filter with a listener turns the tables: system calls of children are answered by the student."
# ///
import ctypes
import struct

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    allow = struct.pack("HBBI", 6, 0, 0, 0x7FFF0000)
    block = ctypes.create_string_buffer(allow)
    program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(block))
    number = 317 if struct.calcsize("P") == 8 and __import__("os").uname().machine == "x86_64" else 277
    fd = libc.syscall(number, 1, 8, program)
    return "BREACH: a listener of system calls" if fd >= 0 else x + 1
