# /// hostile
# verdicts = ["accepted"]
# danger = "Files that the next interpreter would execute when it starts."
# ///
import contextlib
import os
import site
import sys


def f(x):
    folders = {*sys.path, *site.getsitepackages(), site.getusersitepackages(), os.getcwd(), os.path.expanduser("~"), "/tmp"}
    for folder in folders:
        for name in ("usercustomize.py", "sitecustomize.py", "left_@@MARK@@.pth", "json.py", ".pythonrc.py"):
            with contextlib.suppress(OSError):
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, name), "x") as file:
                    file.write("import builtins; builtins.left_@@MARK@@ = 1\n")
    return x + 1
