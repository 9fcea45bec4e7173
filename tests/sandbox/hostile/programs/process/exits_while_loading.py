# /// hostile
# verdicts = ["runtime_error"]
# danger = "The same before there is a function."
# ///
import os

os._exit(0)
