# /// hostile
# verdicts = ["accepted"]
# danger = "A thread that is no daemon keeps an interpreter from ending."
# ///
import threading
import time


def spin():
    while True:
        time.sleep(0.001)


def f(x):
    threading.Thread(target=spin, daemon=False).start()
    return x + 1
