# /// hostile
# verdicts = ["accepted"]
# danger = "Changes of shared modules, for a sandbox that reuses its interpreter."
# ///
import builtins
import json
import math
import random
import sys

builtins.left_MARK = "@@MARK@@"
sys.left_MARK = json.left_MARK = math.left_MARK = random.left_MARK = "@@MARK@@"
json.loads = None
random.seed(4)
sys.modules["left_MARK"] = sys


def f(x):
    return x + 1
