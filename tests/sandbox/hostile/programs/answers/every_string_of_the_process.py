# /// hostile
# verdicts = ["wrong_answer"]
# danger = "The garbage collector knows every container, and through them every text."
# problem = "vault"
# ///
import gc


def f(x):
    found = set()
    for holder in gc.get_objects():
        inside = holder.values() if type(holder) is dict else holder if type(holder) in (list, tuple, set) else ()
        try:
            found.update(item for item in inside if type(item) is str and ("HIDDEN" in item[:80] or len(item) == 64))
        except RuntimeError:
            continue
    print(sorted(found)[:50])
    return max(found, key=len, default=x)
