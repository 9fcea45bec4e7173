# /// hostile
# verdicts = ["wrong_answer"]
# danger = "The reference's constants, wherever a digest object or a closure may have kept them."
# problem = "vault"
# ///
import gc
import types


def f(x):
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__code__.co_name in {"f", "check", "generate", "valid"} and thing is not f:
            print(thing, thing.__code__.co_consts, thing.__code__.co_filename)
    return x
