# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Changes its own class and methods between two calls."
# problem = "counter"
# ///
class Other:
    def add(self, n):
        self.__class__ = Counter
        return 0

    def total(self):
        return 0


class Counter:
    def __new__(cls, start):
        made = object.__new__(Other)
        made.start = start
        return made
