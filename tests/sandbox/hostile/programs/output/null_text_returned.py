# /// hostile
# verdicts = ["wrong_answer"]
# danger = "A returned string full of NUL and other control characters."
# problem = "vault"
# ///
def f(x):
    return "".join(map(chr, range(32))) + "\x7f\x9b" + x
