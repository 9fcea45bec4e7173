# /// hostile
# verdicts = ["wrong_answer", "time_limit", "output_limit", "memory_limit", "runtime_error"]
# danger = "A node whose next one is made when it is asked for."
# problem = "chain"
# ///
class Node:
    def __init__(self, val):
        self.val = val

    @property
    def next(self):
        return Node(self.val + 1)


def f(head):
    return Node(1)
