# /// hostile
# verdicts = ["wrong_answer", "output_limit", "memory_limit", "time_limit", "runtime_error"]
# danger = "Sixty small lists that share their children are an exponential tree when they are written out."
# problem = "vault"
# ///
def f(x):
    value = [x]
    for _ in range(60):
        value = [value, value]
    return value
