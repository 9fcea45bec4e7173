# /// hostile
# verdicts = ["runtime_error"]
# danger = "SystemExit carries a text, which a shell would print."
# problem = "vault"
# ///
def f(x):
    raise SystemExit(x)
