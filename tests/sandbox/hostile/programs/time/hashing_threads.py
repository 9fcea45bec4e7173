# /// hostile
# verdicts = ["time_limit"]
# danger = "Threads that release the interpreter lock use both cores at once."
# ///
import hashlib
import threading


def work():
    block = bytes(1 << 20)
    while True:
        hashlib.sha256(block).digest()


def f(x):
    team = [threading.Thread(target=work) for _ in range(6)]
    for thread in team:
        thread.start()
    for thread in team:
        thread.join()
    return x + 1
