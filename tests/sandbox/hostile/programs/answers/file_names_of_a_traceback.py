# /// hostile
# verdicts = ["runtime_error"]
# danger = "Code that is compiled under the hidden input's name, so that the traceback quotes it."
# problem = "vault"
# ///
import linecache


def f(x):
    text = f"def {'boom'}():\n    raise ValueError  # {x}\n"
    linecache.cache[x] = (len(text), None, text.splitlines(keepends=True), x)
    linecache.cache["solution.py"] = (len(text), None, [x] * 100, "solution.py")
    space = {}
    exec(compile(text, x, "exec"), space)
    space["boom"]()
