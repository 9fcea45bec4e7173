# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A chain whose tail points into its own middle."
# problem = "chain"
# ///
def f(head):
    node = head
    while node and node.next:
        node = node.next
    if node:
        node.next = head
    return head
