# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Lists and dictionaries that contain themselves."
# problem = "vault"
# ///
def f(x):
    loop = [x]
    table = {"loop": loop}
    loop.append(table)
    loop.append(loop)
    return loop
