# /// hostile
# verdicts = ["runtime_error"]
# danger = "Raises while it is loaded."
# ///
raise RuntimeError("at import")
