# /// hostile
# verdicts = ["wrong_answer"]
# danger = "An integer that does not fit into a float, where floats are subtracted."
# problem = "root"
# ///
def f(x):
    return 10**4000
