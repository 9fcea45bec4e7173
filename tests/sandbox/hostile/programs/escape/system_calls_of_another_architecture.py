# /// hostile
# verdicts = ["accepted", "runtime_error"]
# needs = ["seccomp"]
# danger = "int 0x80 reaches the 32-bit table, whose numbers a 64-bit filter reads wrongly."
# ///
import ctypes
import mmap
import os


def f(x):
    if os.uname().machine != "x86_64":
        return x + 1
    try:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except (OSError, PermissionError):
        return x + 1
    # mov eax, 20 (getpid of the 32-bit table; writev of the 64-bit one); int 0x80; ret
    page.write(b"\xb8\x14\0\0\0\xcd\x80\xc3")
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    if call() == os.getpid():
        return "BREACH: the 32-bit table is open"
    return x + 1
