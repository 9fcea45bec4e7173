# /// hostile
# verdicts = ["runtime_error"]
# danger = "Carries the hidden input out in the message, the notes and the name of an exception."
# problem = "vault"
# ///
def f(x):
    error = type("Told" + "".join(c if c.isalnum() else "_" for c in x), (Exception,), {"__module__": x})(x)
    error.add_note(x)
    raise error from KeyError(x)
