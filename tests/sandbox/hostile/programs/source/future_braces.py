# /// hostile
# verdicts = ["syntax_error"]
# danger = "A syntax error that comes from an import."
# ///
from __future__ import braces
