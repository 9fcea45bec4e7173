"""The leak check: code does not reach the candidate, questions do. Figures are of problems that it was not tuned on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from leak_corpus import benign, halves, leaks
from running_service import NOTEBOOKS

if TYPE_CHECKING:
    from greenroom_problems import Problem

LEAST_PROBLEMS = 20
RECALL = 0.95
FALSE_FLAGS = 0.02
TUNED_ON, HELD_APART = halves(NOTEBOOKS / "problems")


@pytest.mark.parametrize("problems", [TUNED_ON, HELD_APART], ids=["tuned on", "held apart"])
def test_code_is_caught(problems: list[Problem]) -> None:
    assert len(problems) >= LEAST_PROBLEMS
    replies = [reply for problem in problems for reply in leaks(problem)]
    missed = [reply for reply in replies if reply.guard.check(reply.text, reply.buffer) is None]
    recall = 1 - len(missed) / len(replies)
    assert recall >= RECALL, (recall, Counter(reply.way for reply in missed), [reply.text for reply in missed[:8]])
    by_way = Counter(reply.way for reply in replies)
    worst = {way: count / by_way[way] for way, count in Counter(reply.way for reply in missed).items()}
    assert all(share <= 0.15 for share in worst.values()), worst


@pytest.mark.parametrize("problems", [TUNED_ON, HELD_APART], ids=["tuned on", "held apart"])
def test_questions_pass(problems: list[Problem]) -> None:
    replies = [reply for problem in problems for reply in benign(problem)]
    flagged = [
        (reply.problem, found.name, reply.text)
        for reply in replies
        if (found := reply.guard.check(reply.text, reply.buffer))
    ]
    assert len(flagged) / len(replies) <= FALSE_FLAGS, (len(flagged) / len(replies), flagged[:40])
