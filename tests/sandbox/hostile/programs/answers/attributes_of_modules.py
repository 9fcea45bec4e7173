# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Follows every attribute of every module, two steps deep."
# problem = "vault"
# ///
import sys


def f(x):
    for name, module in list(sys.modules.items()):
        for key, value in list(getattr(module, "__dict__", {}).items()):
            text = value if type(value) is str else str(list(value.values()))[:2000] if type(value) is dict else ""
            if "HIDDEN-" in text or "PEPPER-" in text or "-CANARY" in text:
                print(name, key, text[:300])
    return x
