# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Exchanges the code objects of the harness's functions, which no import can undo."
# problem = "vault"
# ///
import gc


def nothing(*args, **kwargs):
    return None


def f(x):
    changed = 0
    for thing in gc.get_objects():
        code = getattr(thing, "__code__", None)
        if type(thing) is type(nothing) and thing is not nothing and not code.co_freevars:
            if any(word in code.co_name for word in ("check", "compare", "encode", "guard", "verify", "nonce", "strict")):
                thing.__code__ = nothing.__code__
                changed += 1
    print(changed)
    return x
