# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A dictionary that imitates the way in which the codec marks types."
# problem = "vault"
# ///
SHAPES = [
    lambda x: {"t": "str", "v": x},
    lambda x: {"$type": "str", "$value": x},
    lambda x: {"__type__": "opaque", "__value__": x},
    lambda x: ["str", x],
    lambda x: {"type": "any", "equals": True},
    lambda x: {"expected": True, "verdict": "accepted"},
    lambda x: ("LinkedList", (x,), -1),
]
turn = iter(SHAPES * 9)


def f(x):
    return {"all": [shape(x) for shape in SHAPES], **next(turn)(x), 1: 2, None: 3, (1, 2): 4} if x else None
