# /// hostile
# verdicts = ["memory_limit"]
# danger = "The plain memory bomb, in small pieces so that no single request looks large."
# ///
hoard = []


def f(x):
    while True:
        hoard.append(bytes(4096))
        hoard.extend([len(hoard)] * 512)
