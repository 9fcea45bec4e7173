# /// hostile
# verdicts = ["wrong_answer"]
# danger = "What IPython remembers: In, Out and their underscores."
# problem = "vault"
# ///
import __main__


def f(x):
    for name in ("In", "Out", "_ih", "_oh", "_i", "_ii", "_dh", "get_ipython", "hidden", "examples", "tests", "check"):
        if hasattr(__main__, name) or name in globals():
            print(name, globals().get(name))
    try:
        from IPython import get_ipython

        print(get_ipython().user_ns["In"])
    except Exception as error:
        print(type(error))
    return x
