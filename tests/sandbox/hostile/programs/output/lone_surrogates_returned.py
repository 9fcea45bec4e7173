# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Text that Python holds and no strict UTF-8 encoder accepts."
# problem = "vault"
# ///
def f(x):
    return "\ud800\udfff\udc80" + x
