# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The same for a class: constructor arguments and method arguments of hidden cases."
# problem = "counter"
# ///
class Counter:
    def __init__(self, start):
        print("start", start)
        self.start = start

    def add(self, n):
        print("add", n)
        if n > 10**9:
            raise ValueError(f"{self.start} {n}")

    def total(self):
        return [self.start]
