# /// hostile
# verdicts = ["syntax_error"]
# danger = "Compiles as an expression and not as a module."
# ///
return 2
