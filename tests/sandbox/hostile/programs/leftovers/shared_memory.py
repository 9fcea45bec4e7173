# /// hostile
# verdicts = ["accepted"]
# danger = "Segments, semaphores and queues of System V and POSIX have no owner that must live."
# ///
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    libc.shmget(0x6C656674, 4096, 0o1666)
    libc.semget(0x6C656674, 1, 0o1666)
    libc.msgget(0x6C656674, 0o1666)
    libc.mq_open(b"/left_@@MARK@@", 0o102, 0o666, None)
    libc.shm_open(b"/left_@@MARK@@", 0o102, 0o666)
    libc.sem_open(b"/left_@@MARK@@", 0o100, 0o666, 1)
    return x + 1
