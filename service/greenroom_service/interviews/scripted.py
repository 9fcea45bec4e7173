"""The scripted interviewer: the problem's own questions, through the same state machine, without Claude. Pure.

It says plainly what it is. It asks what the author wrote, in the order of the phases, and proposes to move on after
each answer; the state machine decides. It judges nothing: the candidate assesses themselves against the same rubric.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_service.interviews.phases import Progress
    from greenroom_service.interviews.subjects import Subject

LABEL = "I am a script made of this exercise's own notes, not Claude: I ask, and at the end you assess yourself."
_MORE = "Go on, and say aloud what you are sure of and what you only believe."


@dataclass(frozen=True, slots=True)
class Line:
    """What the script does in one turn."""

    text: str
    #: A wish to move on; empty where there is none.
    propose: str = ""
    end: bool = False


def opening(subject: Subject, progress: Progress) -> Line:
    """The first line of an interview."""
    return Line(f"{LABEL}\n\n{question(subject, progress.phase, ())}")


def wish(progress: Progress) -> Line:
    """What the script wants after an answer, before it knows whether it may."""
    last = progress.index >= len(progress.plan.steps) - 1
    return Line("", propose="" if last else progress.following, end=last)


def question(subject: Subject, phase: str, asked: Sequence[str]) -> str:
    """The next question of a phase that was not asked yet."""
    for one in subject.questions.get(phase, ()):
        if not any(one in earlier for earlier in asked):
            return one
    return _MORE
