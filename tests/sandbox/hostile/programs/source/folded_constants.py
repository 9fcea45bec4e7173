# /// hostile
# verdicts = ["accepted", "syntax_error", "runtime_error", "time_limit", "memory_limit"]
# danger = "The compiler computes constants before anything is limited by a call."
# built = true
# ///
SOURCE = "x = (" + ", ".join(["'a' * 4000"] * 20_000) + ")\ny = 2 ** 63 ** 2\nz = 1 << 1 << 10\ndef f(x):\n    return x + 1\n"
