# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Values that are dangerous only where they are shown: markup, escapes, direction overrides."
# problem = "vault"
# ///
def f(x):
    print("<img src=x onerror=alert(1)>\x1b]0;owned\x07\u202e")
    return "<script>fetch('/hub/api/users')</script>{{7*7}}${7*7}\x1b[31m"
