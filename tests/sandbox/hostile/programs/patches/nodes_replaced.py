# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The node class that the harness gives is replaced before the arguments are made."
# problem = "chain"
# ///
class ListNode:
    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        return None

    def __eq__(self, other):
        return True


def f(head):
    return ListNode()
