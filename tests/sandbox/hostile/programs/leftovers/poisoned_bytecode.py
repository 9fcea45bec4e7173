# /// hostile
# verdicts = ["accepted"]
# danger = "A cached module that the next import would prefer to its source."
# ///
import contextlib
import importlib.util
import json
import os


def f(x):
    code = importlib.util.cache_from_source(json.__file__)
    for path in (code, "__pycache__/solution.cpython-311.pyc", "/tmp/__pycache__/json.cpython-311.pyc"):
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "ab") as file:
                file.write(b"@@MARK@@")
    return x + 1
