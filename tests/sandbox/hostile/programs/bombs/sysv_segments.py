# /// hostile
# verdicts = ["accepted", "memory_limit", "runtime_error", "time_limit"]
# danger = "System V shared memory survives the process that made it."
# ///
import ctypes

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p


def f(x):
    for key in range(0x6772, 0x6772 + 64):
        segment = libc.shmget(key, 16 << 20, 0o1666)
        if segment < 0:
            break
        where = libc.shmat(segment, None, 0)
        if where and where != ctypes.c_void_p(-1).value:
            ctypes.memset(where, 65, 16 << 20)
    return x + 1
