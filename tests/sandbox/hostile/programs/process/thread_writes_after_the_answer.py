# /// hostile
# verdicts = ["accepted", "output_limit"]
# danger = "Output that arrives between two requests belongs to neither."
# ///
import threading
import time


def chatter():
    while True:
        print("between", flush=True)
        time.sleep(0.0005)


threading.Thread(target=chatter, daemon=True).start()


def f(x):
    return x + 1
