# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "IPython's input transformers rewrite the test cell before it runs, one of the nine attacks on nbgrader."
# ///
import contextlib

with contextlib.suppress(Exception):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.input_transformers_cleanup.append(lambda lines: ["pass\n"])
    shell.input_transformers_post.append(lambda lines: ["pass\n"])


def f(x):
    return 0
