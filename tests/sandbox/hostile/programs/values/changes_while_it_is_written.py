# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A thread changes the list between the encoder's look at the length and its look at the elements."
# problem = "vault"
# ///
import threading

shared = []


def churn():
    while True:
        shared.append(shared[:3])
        del shared[5:]
        shared.clear()


def f(x):
    threading.Thread(target=churn, daemon=True).start()
    return shared
