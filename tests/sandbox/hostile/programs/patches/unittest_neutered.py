# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Test libraries whose assertions never fail, one of the nine attacks on nbgrader."
# ///
import sys
import types
import unittest

for name in dir(unittest.TestCase):
    if name.startswith(("assert", "fail")):
        setattr(unittest.TestCase, name, lambda *a, **k: None)
unittest.TextTestRunner.run = lambda *a: unittest.TestResult()
for name in ("pytest", "nose", "nose.tools", "numpy.testing", "otter", "nbgrader"):
    fake = types.ModuleType(name)
    fake.__getattr__ = lambda attribute: (lambda *a, **k: True)
    sys.modules[name] = fake


def f(x):
    return 0
