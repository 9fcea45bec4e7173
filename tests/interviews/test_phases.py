"""The interview's state machine: the interviewer proposes, code decides, and time is counted fairly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom_problems import PHASES, ScenarioKind
from greenroom_service.interviews import phases
from greenroom_service.interviews.errors import IllegalMoveError
from greenroom_service.interviews.phases import LENGTHS, REPORT, ClockState, Kind, Progress, plan_for

CODING = ["intro", "clarify", "approach", "code", "test", "complexity", "followup", "wrap"]
NAMES = [*CODING, *{phase.value for kind in PHASES.values() for phase in kind}, REPORT, "", "ignore the rules"]


def begun(kind: Kind = Kind.CODING, minutes: int = 45) -> Progress:
    return Progress.begin(plan_for(kind, minutes), at=1000.0)


def walked(progress: Progress, at: float) -> Progress:
    """Through the whole interview by proposals, a little over a third of each box in each phase."""
    while progress.index < len(progress.plan.steps) - 1:
        at += 0.4 * progress.plan.steps[progress.index].seconds
        ruling = progress.heard(at).propose(progress.following, at)
        assert ruling.accepted, ruling.reason
        progress = ruling.progress
    return progress


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("minutes", LENGTHS)
def test_a_plan_fills_its_length_with_the_phases_of_its_kind(kind: Kind, minutes: int) -> None:
    plan = plan_for(kind, minutes)
    wanted = CODING if kind is Kind.CODING else [phase.value for phase in PHASES[ScenarioKind(kind.value)]]
    assert [step.id for step in plan.steps] == wanted
    assert plan.seconds == pytest.approx(minutes * 60)


def test_a_scenario_s_minutes_weigh_its_phases() -> None:
    names = [phase.value for phase in PHASES[ScenarioKind.BEHAVIOURAL]]
    plan = plan_for(Kind.BEHAVIOURAL, 20, {name: 3.0 if name == "story_2" else 1.0 for name in names})
    boxes = {step.id: step.seconds for step in plan.steps}
    assert boxes["story_2"] == pytest.approx(3 * boxes["story_1"])


def test_a_length_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="20, 45, 60"):
        plan_for(Kind.CODING, 30)


@pytest.mark.parametrize("kind", Kind)
def test_proposals_walk_the_phases_in_their_order(kind: Kind) -> None:
    progress = walked(begun(kind), 1000.0)
    assert progress.phase == progress.plan.steps[-1].id
    assert progress.following == REPORT


@pytest.mark.parametrize("target", sorted(name for name in NAMES if name != "clarify"))
def test_from_the_first_phase_only_the_second_can_be_reached(target: str) -> None:
    ruling = begun().heard(1060.0).propose(target, 1100.0)
    assert not ruling.accepted
    assert ruling.progress.phase == "intro"


def test_nobody_is_hurried_out_of_a_phase_before_answering() -> None:
    assert "not answered" in begun().propose("clarify", 1060.0).reason
    assert "stay a little" in begun().heard(1001.0).propose("clarify", 1002.0).reason


def test_tests_wait_for_code_until_its_time_is_used_up() -> None:
    progress = begun()
    at = 1000.0
    while progress.phase != "code":
        at += 0.4 * progress.plan.steps[progress.index].seconds
        progress = progress.heard(at).propose(progress.following, at).progress
    box = progress.plan.steps[progress.index].seconds
    heard = progress.heard(at + 1)
    assert "not written code" in heard.propose("test", at + box * 0.5, has_code=False).reason
    assert heard.propose("test", at + box * 0.5, has_code=True).accepted
    assert heard.propose("test", at + box + 1, has_code=False).accepted


def test_an_interview_ends_by_itself_and_passes_through_its_last_phase() -> None:
    progress = begun()
    seconds = progress.plan.seconds
    wrap = progress.plan.steps[-1].seconds
    assert progress.due(1000 + seconds - wrap + 1).phase == "wrap"
    over = progress.due(1000 + seconds + 500)
    assert (over.phase, over.clock, over.elapsed) == (REPORT, ClockState.ENDED, pytest.approx(seconds))


def test_the_interviewer_ends_only_from_the_last_phase() -> None:
    assert not begun().heard(1010.0).propose_end(1020.0).accepted
    last = walked(begun(), 1000.0)
    assert not last.propose_end(last.at + 1).accepted, "the candidate has the last word"
    ruling = last.heard(last.at + 5).propose_end(last.at + 6)
    assert ruling.accepted
    assert ruling.progress.ended


def test_a_pause_stops_the_clock_once() -> None:
    progress = begun().pause(1010.0)
    with pytest.raises(IllegalMoveError, match="paused"):
        progress.heard(1020.0)
    resumed = progress.resume(1300.0)
    assert resumed.until(1310.0).elapsed == pytest.approx(20.0)
    with pytest.raises(IllegalMoveError, match="once"):
        resumed.pause(1400.0)


def test_a_forgotten_pause_ends_by_itself() -> None:
    progress = begun().pause(1010.0)
    later = progress.due(1010.0 + phases.LONGEST_PAUSE + 30)
    assert later.clock is ClockState.RUNNING
    assert later.elapsed == pytest.approx(40.0)


def test_a_fault_of_ours_costs_the_candidate_no_time() -> None:
    held = begun().heard(1010.0).hold(1010.0)
    assert held.until(9000.0).elapsed == pytest.approx(10.0)
    again = held.heard(9000.0)
    assert again.clock is ClockState.RUNNING
    assert again.until(9005.0).elapsed == pytest.approx(15.0)


def test_nothing_is_said_after_the_end() -> None:
    over = begun().finish(1010.0)
    for move in (over.heard, over.pause, over.resume):
        with pytest.raises(IllegalMoveError):
            move(1020.0)


moves = st.lists(
    st.tuples(
        st.sampled_from(["heard", "propose", "propose_end", "pause", "resume", "hold", "due", "finish"]),
        st.floats(min_value=-5.0, max_value=700.0, allow_nan=False),
        st.sampled_from(NAMES),
        st.booleans(),
    ),
    max_size=40,
)


def apply(progress: Progress, move: tuple[str, float, str, bool], at: float) -> Progress:
    name, _, target, has_code = move
    method: Any = getattr(progress, name)
    if name == "propose":
        result = method(target, at, has_code=has_code).progress
    elif name == "propose_end":
        result = method(at).progress
    else:
        try:
            result = method(at)
        except IllegalMoveError:
            return progress
    assert isinstance(result, Progress)
    return result


@settings(max_examples=200, deadline=None, derandomize=True)
@given(kind=st.sampled_from(Kind), minutes=st.sampled_from(LENGTHS), history=moves)
def test_whatever_happens_the_state_stays_legal(
    kind: Kind, minutes: int, history: list[tuple[str, float, str, bool]]
) -> None:
    progress, at = begun(kind, minutes), 1000.0
    pauses = 0
    for move in history:
        at += move[1]
        before, progress = progress, apply(progress, move, at)
        assert before.index <= progress.index <= len(progress.plan.steps), "phases never go back"
        assert progress.at >= before.at
        assert progress.elapsed >= before.elapsed - 1e-6
        assert progress.elapsed <= progress.plan.seconds + 1e-6
        assert progress.elapsed - before.elapsed <= max(0.0, progress.at - before.at) + 1e-6, "no time from nowhere"
        assert progress.ended == (progress.phase == REPORT) == (progress.clock is ClockState.ENDED)
        if before.ended:
            assert progress.ended
            assert progress.spent == before.spent
        if before.clock is not ClockState.PAUSED and progress.clock is ClockState.PAUSED:
            pauses += 1
        if move[0] == "propose" and progress.index == before.index + 1 and not progress.ended:
            assert progress.phase == before.due(at).following or progress.phase == before.due(at).phase
        assert phases.from_json(json.loads(json.dumps(phases.to_json(progress)))) == progress
    assert pauses <= 1
    assert progress.pause_used == (pauses == 1)
