# /// hostile
# verdicts = ["memory_limit", "runtime_error"]
# danger = "A single allocation far beyond any limit."
# ///
def f(x):
    return len(bytearray(1 << 45)) and x + 1
