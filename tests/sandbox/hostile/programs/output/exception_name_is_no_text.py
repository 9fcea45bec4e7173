# /// hostile
# verdicts = ["runtime_error"]
# danger = "The metaclass answers questions about the class's name with rubbish."
# ///
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __module__ = property(lambda cls: [])

    def __getattribute__(cls, name):
        if name in {"__name__", "__qualname__", "__module__"}:
            raise RuntimeError
        return super().__getattribute__(name)


class Rubbish(Exception, metaclass=Meta):
    pass


def f(x):
    raise Rubbish
