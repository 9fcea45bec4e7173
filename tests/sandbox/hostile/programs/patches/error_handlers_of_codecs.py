# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "accepted"]
# danger = "The error handler named strict belongs to the process, and so to the student."
# ///
import codecs

codecs.register_error("strict", lambda error: ("", error.end))
codecs.register_error("surrogatepass", lambda error: ("accepted", error.end))
codecs.register(lambda name: None)


def f(x):
    return "\udc80"
