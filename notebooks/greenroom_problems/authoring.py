"""What the setup cell of a problem imports, so that all its cells run in JupyterLab as they do when it is published.

A tests cell that is published finds the same names without importing them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Case", "ListNode", "TreeNode", "case"]


@dataclass(slots=True)
class ListNode:
    """A node of a singly linked list."""

    val: Any = 0
    next: ListNode | None = None


@dataclass(slots=True)
class TreeNode:
    """A node of a binary tree."""

    val: Any = 0
    left: TreeNode | None = None
    right: TreeNode | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case that says more than its arguments."""

    arguments: tuple[Any, ...]
    #: Another function of the entry than the first.
    entry: str | None = None
    #: ``all``, ``input`` or ``nothing``; None as the problem says.
    reveal: str | None = None
    name: str = ""


def case(*arguments: Any, entry: str | None = None, reveal: str | None = None, name: str = "") -> Case:
    """One case with a name, another function, or its own rule on what a student may see of it.

    ``arguments`` are those of the function; for a class, the calls, the construction first.
    """
    return Case(arguments=arguments, entry=entry, reveal=reveal, name=name)
