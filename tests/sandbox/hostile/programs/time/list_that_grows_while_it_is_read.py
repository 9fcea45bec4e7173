# /// hostile
# verdicts = ["time_limit", "memory_limit", "output_limit", "wrong_answer", "runtime_error"]
# danger = "A list whose iterator never stops, for an encoder that iterates."
# ///
class Endless(list):
    def __iter__(self):
        while True:
            yield 0

    def __len__(self):
        return 1 << 40


def f(x):
    return [Endless(), Endless()]
