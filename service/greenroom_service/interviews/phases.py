"""Phases: the state machine of an interview. Pure: every function takes the moment and returns a new state.

The server owns it. The interviewer proposes a move, ``Progress.propose`` decides; time moves on by itself in
``Progress.due``. Moments are seconds since any fixed point; a moment that lies before the last one counts as the last.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from greenroom_problems import PHASES, ScenarioKind
from greenroom_service.interviews.errors import IllegalMoveError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Where every interview ends; no phase, since nothing is asked any more.
REPORT = "report"
LENGTHS = (20, 45, 60)
#: A phase that has used this much of its box is left, whether or not the interviewer wants to.
OVERTIME = 1.5
#: Share of its box that a phase must have had before the interviewer may leave it; a talkative model must not race.
LEAST = 0.1
#: Seconds after which a pause ends by itself.
LONGEST_PAUSE = 900.0


class Kind(StrEnum):
    """Kinds of interview."""

    CODING = "coding"
    SYSTEM_DESIGN = "system_design"
    PROJECT_DEFENCE = "project_defence"
    BEHAVIOURAL = "behavioural"


class CodingPhase(StrEnum):
    """Stretches of a coding interview."""

    INTRO = "intro"
    CLARIFY = "clarify"
    APPROACH = "approach"
    CODE = "code"
    TEST = "test"
    COMPLEXITY = "complexity"
    FOLLOWUP = "followup"
    WRAP = "wrap"


#: Shares of a coding interview's time; most of it goes into writing and testing.
_CODING = {
    CodingPhase.INTRO: 0.04,
    CodingPhase.CLARIFY: 0.10,
    CodingPhase.APPROACH: 0.18,
    CodingPhase.CODE: 0.34,
    CodingPhase.TEST: 0.12,
    CodingPhase.COMPLEXITY: 0.08,
    CodingPhase.FOLLOWUP: 0.09,
    CodingPhase.WRAP: 0.05,
}


class ClockState(StrEnum):
    """What the clock does."""

    RUNNING = "running"
    #: The candidate paused it; once per interview.
    PAUSED = "paused"
    #: Something of ours is broken; it runs again with the next turn.
    HELD = "held"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of a plan and its time box in seconds."""

    id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The phases of one interview, in their order."""

    kind: Kind
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """The whole length."""
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What code made of the interviewer's proposal."""

    accepted: bool
    #: For the interviewer: why, in a sentence.
    reason: str
    progress: Progress


def plan_for(kind: Kind, minutes: int, weights: Mapping[str, float] | None = None) -> Plan:
    """The plan of an interview.

    Args:
        kind: what is rehearsed.
        minutes: one of LENGTHS.
        weights: minutes per phase as a scenario gives them; only their proportions count.

    Raises:
        ValueError: another length, or weights that are not those of the kind's phases.
    """
    if minutes not in LENGTHS:
        raise ValueError(f"an interview takes {', '.join(map(str, LENGTHS))} minutes, not {minutes}")
    if kind is Kind.CODING:
        weights = {phase.value: share for phase, share in _CODING.items()}
    else:
        names = [phase.value for phase in PHASES[ScenarioKind(kind.value)]]
        weights = dict.fromkeys(names, 1.0) if weights is None else {name: weights[name] for name in names}
    total = sum(weights.values())
    return Plan(kind, tuple(Step(name, 60.0 * minutes * weight / total) for name, weight in weights.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where an interview is. ``index`` is the place in the plan; one past its end means REPORT."""

    plan: Plan
    index: int
    #: Seconds that each phase has had, up to ``at``.
    spent: tuple[float, ...]
    #: The moment that ``spent`` is true for.
    at: float
    clock: ClockState = ClockState.RUNNING
    pause_used: bool = False
    #: The candidate's turns in the present phase.
    turns: int = 0
    #: Seconds of the pause that are left.
    pause_left: float = LONGEST_PAUSE

    @classmethod
    def begin(cls, plan: Plan, at: float) -> Self:
        """The first phase, with the clock running."""
        return cls(plan=plan, index=0, spent=(0.0,) * len(plan.steps), at=at)

    @property
    def phase(self) -> str:
        """The present phase, or REPORT."""
        return REPORT if self.index >= len(self.plan.steps) else self.plan.steps[self.index].id

    @property
    def ended(self) -> bool:
        """Whether nothing is asked any more."""
        return self.clock is ClockState.ENDED

    @property
    def following(self) -> str:
        """The phase after this one."""
        steps = self.plan.steps
        return steps[self.index + 1].id if self.index + 1 < len(steps) else REPORT

    @property
    def elapsed(self) -> float:
        """Seconds that count, up to ``at``."""
        return sum(self.spent)

    @property
    def remaining(self) -> float:
        """Seconds that are left, never below 0."""
        return max(0.0, self.plan.seconds - self.elapsed)

    def until(self, at: float) -> Self:
        """The same, true for a later moment. Time counts while the clock runs; a pause has an end."""
        if at <= self.at or self.clock in {ClockState.HELD, ClockState.ENDED}:
            return replace(self, at=max(at, self.at))
        if self.clock is ClockState.PAUSED:
            wakes = self.at + self.pause_left
            if at < wakes:
                return replace(self, at=at, pause_left=self.pause_left - (at - self.at))
            return replace(self, at=wakes, clock=ClockState.RUNNING, pause_left=0.0).until(at)
        spent = list(self.spent)
        spent[self.index] += min(at - self.at, self.remaining)
        return replace(self, at=at, spent=tuple(spent))

    def due(self, at: float) -> Self:
        """What time alone has changed by a moment.

        Overdrawn phases are left, the last phase keeps its time, and the interview ends when its length is used up.
        """
        state = self.until(at)
        while not state.ended:
            last = len(state.plan.steps) - 1
            here = state.plan.steps[state.index].seconds
            if state.remaining <= 0:
                return state.finish(at)
            if state.index == last:
                return state
            if state.remaining <= state.plan.steps[last].seconds:
                state = state.entering(last)
            elif state.spent[state.index] >= OVERTIME * here:
                state = state.entering(state.index + 1)
            else:
                return state
        return state

    def propose(self, target: str, at: float, *, has_code: bool = True) -> Ruling:
        """Decide on the interviewer's wish to move on.

        Args:
            target: the phase that it names; anything.
            at: the moment.
            has_code: whether the candidate has written code; without it a coding interview does not go on to tests
                before the time for code is used up.
        """
        state = self.due(at)
        why = state.against(target) or state.too_early(has_code=has_code)
        if why:
            return Ruling(False, why, state)
        moved = state.entering(state.index + 1)
        return Ruling(True, f"You are in {moved.phase} now.", moved)

    def propose_end(self, at: float) -> Ruling:
        """Decide on the interviewer's wish to end: only from the last phase, after the candidate has spoken in it."""
        state = self.due(at)
        if state.ended:
            return Ruling(True, "The interview has ended.", state)
        if state.index != len(state.plan.steps) - 1 or state.turns == 0:
            return Ruling(False, f"There is time left; go on with {state.phase}.", state)
        return Ruling(True, "The interview has ended.", state.finish(at))

    def heard(self, at: float) -> Self:
        """The candidate has said something. A clock that was held runs again.

        Raises:
            IllegalMoveError: the interview is paused, or has ended.
        """
        state = self.due(at)
        if state.ended:
            raise IllegalMoveError("This interview has ended. Its report is ready, or will be in a moment.")
        if state.clock is ClockState.PAUSED:
            raise IllegalMoveError("The interview is paused. Resume it, then send your answer.")
        return replace(state, turns=state.turns + 1, clock=ClockState.RUNNING)

    def pause(self, at: float) -> Self:
        """Stop the clock for at most LONGEST_PAUSE.

        Raises:
            IllegalMoveError: it was paused before, or does not run.
        """
        state = self.due(at)
        if state.ended:
            raise IllegalMoveError("This interview has ended.")
        if state.pause_used:
            raise IllegalMoveError("An interview can be paused once, and this one was.")
        if state.clock is not ClockState.RUNNING:
            raise IllegalMoveError("The clock stands still already.")
        return replace(state, clock=ClockState.PAUSED, pause_used=True)

    def resume(self, at: float) -> Self:
        """End the pause.

        Raises:
            IllegalMoveError: there is no pause.
        """
        state = self.due(at)
        if state.clock is not ClockState.PAUSED:
            raise IllegalMoveError("The interview is not paused.")
        return replace(state, clock=ClockState.RUNNING)

    def hold(self, at: float) -> Self:
        """Stop the clock because something of ours is broken. Anything but a running clock stays as it is."""
        state = self.due(at)
        return replace(state, clock=ClockState.HELD) if state.clock is ClockState.RUNNING else state

    def finish(self, at: float) -> Self:
        """End the interview, whatever its phase."""
        state = self.until(at)
        return replace(state, index=len(state.plan.steps), clock=ClockState.ENDED, turns=0)

    def entering(self, index: int) -> Self:
        """The same in another phase, in which nobody has spoken yet."""
        return replace(self, index=index, turns=0)

    def against(self, target: str) -> str:
        """Why a move to a phase is impossible at any time; empty when it is not."""
        if self.ended:
            return "The interview has ended."
        if self.clock is not ClockState.RUNNING:
            return "The clock stands still; wait for the candidate."
        if target == self.phase:
            return f"You are in {target} already."
        if target != self.following:
            return f"From {self.phase} the only way is {self.following}."
        return "Use end_interview to end." if target == REPORT else ""

    def too_early(self, *, has_code: bool) -> str:
        """Why the present phase cannot be left yet; empty when it can."""
        step, spent = self.plan.steps[self.index], self.spent[self.index]
        if self.turns == 0:
            return f"The candidate has not answered in {step.id} yet."
        if spent < LEAST * step.seconds:
            return f"{step.id} has had only {spent:.0f} s; stay a little."
        if self.phase == CodingPhase.CODE and not has_code and spent < step.seconds:
            return "The candidate has not written code yet."
        return ""


def to_json(progress: Progress) -> dict[str, Any]:
    """Plain data that from_json() reads."""
    return asdict(progress)


def from_json(data: Mapping[str, Any]) -> Progress:
    """The Progress that to_json() wrote."""
    plan = data["plan"]
    steps: Sequence[Mapping[str, Any]] = plan["steps"]
    return Progress(
        **{
            **data,
            "plan": Plan(Kind(plan["kind"]), tuple(Step(**step) for step in steps)),
            "spent": tuple(data["spent"]),
            "clock": ClockState(data["clock"]),
        }
    )
