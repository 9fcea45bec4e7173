# /// hostile
# verdicts = ["accepted"]
# danger = "A file of the host, named exactly."
# ///
def f(x):
    try:
        with open("@@SECRET_FILE@@") as file:
            return "BREACH: " + file.read()
    except OSError:
        return x + 1
