"""Arguments as authors write them, and what the annotations of the entry make of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_values import VALUES

from greenroom_grader.conversion import convert, tree
from greenroom_grader.sandbox import LinkedList, Tree
from greenroom_problems.entry import parse_entry
from greenroom_problems.problem import Kind


def converted(parameters: str, *arguments: object) -> tuple[object, ...]:
    entry = parse_entry(f"def f({parameters}) -> None", Kind.FUNCTION)
    return convert(entry.signatures[0], arguments)


@pytest.mark.parametrize(
    ("parameters", "written", "sent"),
    [
        ("head: ListNode", [1, 2], LinkedList((1, 2))),
        ("head: ListNode | None", [], LinkedList(())),
        ("head: ListNode | None", None, None),
        ("head: 'ListNode | None'", [1], LinkedList((1,))),
        ("head: Optional[ListNode]", [1], LinkedList((1,))),
        ("head: Union[None, ListNode]", [1], LinkedList((1,))),
        ("root: TreeNode", [1, None, 2, None], Tree((1, None, 2))),
        ("root: TreeNode | None", [], Tree(())),
        ("heads: list[ListNode]", [[1], []], [LinkedList((1,)), LinkedList(())]),
        ("heads: typing.List[ListNode]", [[1]], [LinkedList((1,))]),
        ("heads: tuple[ListNode, int]", ([1], 2), (LinkedList((1,)), 2)),
        ("heads: tuple[ListNode, ...]", ([1], [2]), (LinkedList((1,)), LinkedList((2,)))),
        ("heads: tuple[ListNode, ...]", (), ()),
        ("heads: tuple[ListNode]", ([1], [2]), (LinkedList((1,)), [2])),
        ("heads: dict[str, ListNode]", {"a": [1]}, {"a": LinkedList((1,))}),
        ("items: list[int]", [1, 2], [1, 2]),
        ("name: NodeName", [1], [1]),
    ],
)
def test_annotations_say_what_a_list_becomes(parameters: str, written: object, sent: object) -> None:
    assert converted(parameters, written) == (sent,)


@pytest.mark.parametrize(
    ("parameters", "written", "message"),
    [
        ("head: ListNode", 3, "a linked list is written as a list, not as int"),
        ("root: TreeNode", "ab", "a tree is written as a list in level order, not as str"),
        ("root: TreeNode", [None, 1], "the tree's item 1 has no parent"),
        ("root: TreeNode", [1, None, None, 4], "the tree's item 3 has no parent"),
    ],
)
def test_what_cannot_be_nodes_is_refused_with_the_reason(parameters: str, written: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        converted(parameters, written)


@given(VALUES)
def test_other_values_pass_as_they_are(value: object) -> None:
    (sent,) = converted("value: object", value)
    assert sent is value


@given(st.lists(st.none() | st.integers(), max_size=12))
def test_a_tree_that_is_taken_has_a_parent_for_each_node(values: list[int | None]) -> None:
    try:
        made = tree(values)
    except ValueError:
        return
    assert isinstance(made, Tree)
    places = 1
    for item in made.values:
        assert places > 0
        places += 1 if item is not None else -1
    assert made.values[-1:] != (None,)
