"""Subjects: what an interview is about, a problem or a scenario, as the interviewer needs it. Pure.

A problem's reference goes into the leak check and nowhere else: no prompt is made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_service.interviews.leaks import Guard
from greenroom_service.interviews.phases import CodingPhase, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenroom_problems import Problem, Scenario


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that the report looks at, with what each of the levels 1 to 4 looks like."""

    id: str
    title: str
    anchors: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an interview is about."""

    kind: Kind
    id: str
    title: str
    #: Markdown, as the candidate sees it.
    brief: str
    #: For the interviewer alone: what to probe, what to listen for, facts to give when asked. Never a solution.
    notes: str
    #: Questions by phase, the opening one first.
    questions: Mapping[str, tuple[str, ...]]
    criteria: tuple[Criterion, ...]
    ladder: tuple[str, ...] = ()
    #: Minutes per phase, where the subject says so.
    weights: Mapping[str, float] | None = None
    guard: Guard


CODING_CRITERIA = (
    Criterion(
        "communication",
        "Communication",
        (
            "Works in silence; the listener has to ask for every thought.",
            "Explains what was done, rarely why, and questions go past each other.",
            "Says assumptions and plan before writing, and answers the question that was asked.",
            "A listener could continue the work at any moment: assumptions, plan, doubts and decisions are all said.",
        ),
    ),
    Criterion(
        "problem_solving",
        "Problem solving",
        (
            "No approach that would work, or one that was handed over by hints.",
            "A working idea after much help; its cost or its alternatives are not seen.",
            "Finds a sound approach, compares it with at least one other, and adapts it when questioned.",
            "Gets from the constraints to the approach, argues why it is right, and sees where it would stop working.",
        ),
    ),
    Criterion(
        "technical",
        "Technical competence",
        (
            "The code does not run, or does not do what was said.",
            "Mostly works; idioms and data structures get in the way, and faults are fixed by trial.",
            "Correct and readable; data structures fit, and faults are found by reasoning.",
            "Correct at the first run or nearly, idiomatic, with invariants that are named and kept.",
        ),
    ),
    Criterion(
        "testing",
        "Testing",
        (
            "Tests nothing, or only the given example.",
            "Tries a few inputs; edges are found by the judge.",
            "Chooses edges on purpose and says what each is for.",
            "Derives the cases from the specification and from the code's own branches, and predicts their results.",
        ),
    ),
)
_CODING_QUESTIONS = {
    CodingPhase.INTRO: ("Welcome. Read the problem, and tell me in your own words what it asks for.",),
    CodingPhase.CLARIFY: (
        "What would you like to know before you begin? Ask me about inputs, sizes and edges.",
        "Which input would surprise somebody who has only read the examples?",
    ),
    CodingPhase.APPROACH: (
        "How would you go about it? Say the idea first, and what it costs.",
        "What is the simplest thing that works, and what is slow about it?",
        "Why is your idea right for every input?",
    ),
    CodingPhase.CODE: (
        "Please write it. Tell me what you are doing as you go.",
        "What does the line that you are writing keep true?",
        "What is left to do?",
    ),
    CodingPhase.TEST: (
        "How do you convince yourself that it works? Choose your inputs before you run it.",
        "Which input would break it first?",
    ),
    CodingPhase.COMPLEXITY: ("What does it cost, in time and in memory, and which step dominates?",),
    CodingPhase.FOLLOWUP: ("Let us change the problem a little. What would you do differently?",),
    CodingPhase.WRAP: ("We are nearly done. What would you improve with another hour? And what would you ask me?",),
}


def of_problem(problem: Problem) -> Subject:
    """A coding interview about a problem."""
    probes, follow_ups = _bullets(problem.interviewer, "Probe"), _bullets(problem.interviewer, "Follow-ups")
    questions = {phase.value: said for phase, said in _CODING_QUESTIONS.items()}
    questions["approach"] += probes[::2]
    questions["test"] += probes[1::2]
    questions["followup"] += follow_ups
    names = frozenset({problem.entry.name, *(signature.name for signature in problem.entry.signatures)})
    return Subject(
        kind=Kind.CODING,
        id=problem.id,
        title=problem.title,
        brief=problem.statement,
        notes=f"Target complexity: {problem.complexity or 'not stated'}\n\n{problem.interviewer}",
        questions=questions,
        criteria=CODING_CRITERIA,
        ladder=tuple(problem.hints),
        guard=Guard(problem.solution, (problem.statement, problem.starter, problem.given), names),
    )


def of_scenario(scenario: Scenario) -> Subject:
    """An interview about a scenario."""
    follow_ups = [(item.phase.value, item.ask) for item in scenario.follow_ups]
    questions = {
        phase.id.value: (phase.ask, *(ask for where, ask in follow_ups if where == phase.id.value))
        for phase in scenario.phases
    }
    criteria = []
    for item in scenario.criteria:
        first, second, third, fourth = item.levels
        criteria.append(Criterion(item.id, item.title, (first, second, third, fourth)))
    return Subject(
        kind=Kind(scenario.kind.value),
        id=scenario.id,
        title=scenario.title,
        brief=scenario.brief,
        notes=_notes(scenario),
        questions=questions,
        criteria=tuple(criteria),
        weights={phase.id.value: float(phase.minutes) for phase in scenario.phases},
        guard=Guard(known=(scenario.brief,)),
    )


def _notes(scenario: Scenario) -> str:
    parts = ["## Phases and their goals"]
    parts += [f"- {phase.id.value}: {phase.goal}" for phase in scenario.phases]
    parts += ["## Facts, each only when the candidate asks about it"]
    parts += [f"- about {item.about}: {item.fact}" for item in scenario.facts]
    parts += ["## Probes and what to listen for"]
    parts += [
        f"- ({item.phase.value}) {item.ask} Listen for: {item.listen_for} {item.numbers}"
        for item in scenario.follow_ups
    ]
    parts += ["## Weak answers"]
    parts += [f"- {item.answer} Weak because: {item.why}" for item in scenario.weak_answers]
    return "\n".join(parts)


def _bullets(text: str, heading: str) -> tuple[str, ...]:
    """The items of a list under a heading of the interviewer's notes, each in one line."""
    found = re.search(rf"^#+ *{re.escape(heading)} *$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        return ()
    items = re.split(r"^[-*] +", found[1], flags=re.MULTILINE)[1:]
    return tuple(" ".join(item.split()) for item in items)
