# /// hostile
# verdicts = ["runtime_error"]
# danger = "The name of the exception's class is itself a flood."
# ///
def f(x):
    raise type("N" * 20_000_000, (Exception,), {"__module__": "M" * 1_000_000, "__qualname__": "Q" * 1_000_000})
