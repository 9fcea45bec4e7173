# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Children of list, tuple, dict and set whose methods tell each caller something else."
# problem = "vault"
# ///
class List(list):
    def __len__(self):
        return -1 if not self else 1 << 62

    def __getitem__(self, key):
        raise KeyError

    def __iter__(self):
        return self


class Table(dict):
    def items(self):
        return [(1,)]

    def keys(self):
        return None

    __iter__ = None


class Bag(set):
    def __iter__(self):
        yield from self


class Pair(tuple):
    __slots__ = ()

    def __iter__(self):
        raise SystemExit(0)


def f(x):
    return [List([1]), Table(a=1), Bag({1}), Pair((1, 2))]
