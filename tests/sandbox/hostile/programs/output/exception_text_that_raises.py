# /// hostile
# verdicts = ["runtime_error"]
# danger = "Asking this exception for its text raises another one, for ever."
# ///
class Shy(Exception):
    def __str__(self):
        raise Shy

    def __repr__(self):
        raise Shy

    @property
    def args(self):
        raise Shy

    @property
    def __traceback__(self):
        raise Shy


def f(x):
    raise Shy
