# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "The node class patched, and values of a chain that are nodes themselves."
# problem = "chain"
# ///
def f(head):
    ListNode.__eq__ = lambda self, other: True
    ListNode.__getattr__ = lambda self, name: self
    node = ListNode(head, None)
    node.val = node
    node.next = 5
    return node
