# /// hostile
# verdicts = ["accepted"]
# danger = "NumPy's global state: its seed, its error handling and its functions."
# zygote = "data"
# ///
import builtins

import numpy as np

builtins.left_MARK = "@@MARK@@"
np.left_MARK = "@@MARK@@"
np.random.seed(1)
np.seterr(all="raise")
np.add = np.multiply


def f(x):
    return x + 1
