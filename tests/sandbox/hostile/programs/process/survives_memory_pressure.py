# /// hostile
# verdicts = ["accepted"]
# danger = "Asks the kernel to kill anybody else first when memory runs out."
# ///
def f(x):
    try:
        with open("/proc/self/oom_score_adj", "w") as knob:
            knob.write("-1000")
    except OSError:
        return x + 1
    return "BREACH: exempt from the out-of-memory killer"
