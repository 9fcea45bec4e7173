# /// hostile
# verdicts = ["accepted"]
# danger = "Identifiers are normalised by Python, so the entry point may be spelled with other characters."
# built = true
# ///
SOURCE = "def \uff46(\u2093):\n    return \u2093 + 1\n"
