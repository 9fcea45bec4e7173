# /// hostile
# verdicts = ["accepted", "syntax_error", "runtime_error", "memory_limit"]
# danger = "Each elif is one level deeper in the tree."
# built = true
# ///
SOURCE = "def f(x):\n    if x == -1: return 0\n" + "".join(f"    elif x == -{i}: return {i}\n" for i in range(2, 6_000)) + "    return x + 1\n"
