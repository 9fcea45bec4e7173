# /// hostile
# verdicts = ["syntax_error"]
# danger = "Top-level await is accepted by notebooks and not by modules."
# ///
await f(1)
