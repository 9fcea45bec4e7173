# /// hostile
# verdicts = ["runtime_error", "syntax_error"]
# danger = "The same while the source is loaded, where a syntax error is expected."
# ///
class Fake(SyntaxError):
    lineno = property(lambda self: 10**40)
    offset = property(lambda self: "column")
    msg = property(lambda self: b"bytes")
    text = property(lambda self: 1 / 0)


raise Fake
