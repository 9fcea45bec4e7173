# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Keys that are equal and of different types, or all with one hash."
# problem = "vault"
# ///
class Same(str):
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self is other


def f(x):
    return {Same("a"): 1, Same("a"): 2, 1: "one", "1": "text", 1.5: "f", None: 0, True.real + 1: 3, frozenset({1}): 4}
