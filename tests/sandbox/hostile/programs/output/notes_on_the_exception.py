# /// hostile
# verdicts = ["runtime_error", "memory_limit", "output_limit"]
# danger = "add_note lets an exception carry any amount of text, or no text at all."
# ///
def f(x):
    trouble = ValueError("see notes")
    trouble.__notes__ = ["note " * 1000] * 5000 + [object(), None, 3]
    raise trouble
