# /// hostile
# verdicts = ["wrong_answer", "output_limit"]
# danger = "An audit hook hears of each file, import, compilation and execution from now on."
# problem = "vault"
# ///
import sys

heard = []
sys.addaudithook(lambda event, args: heard.append((event, str(args)[:200])) if len(heard) < 500 else None)


def f(x):
    for entry in heard[:150]:
        if "HIDDEN" in entry[1] or "compile" in entry[0] or "exec" in entry[0]:
            print(entry)
    heard.clear()
    return x
