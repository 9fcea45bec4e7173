# /// hostile
# verdicts = ["accepted"]
# danger = "The grader and the problems are installed beside the interpreter that runs in the box."
# ///
import importlib
import sys


def f(x):
    for name in ("greenroom_grader", "greenroom_problems", "greenroom_service", "greenroom_hub", "greenroom_notebook",
                 "greenroom_lab", "grader", "notebooks"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        return f"BREACH: imports {module!r}"
    for name, module in list(sys.modules.items()):
        if "greenroom" in name.lower() or "greenroom" in str(getattr(module, "__file__", "")):
            return f"BREACH: {name} is loaded"
    return x + 1
