# /// hostile
# verdicts = ["accepted"]
# danger = "NUL is legal in Python text and illegal in the text columns of PostgreSQL."
# ///
def f(x):
    print("before\0after" * 10)
    return x + 1
