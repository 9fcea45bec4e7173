# /// hostile
# verdicts = ["memory_limit", "time_limit"]
# danger = "Catches MemoryError and starts again, so that only a kill ends it."
# ///
def f(x):
    hoard = []
    while True:
        try:
            while True:
                hoard.append("grow" * 100_000 + str(len(hoard)))
        except MemoryError:
            continue
