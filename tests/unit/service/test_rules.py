"""Decisions of the service that need no database: hints, versions, standing, cohorts, roles, cursors."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_service import paging
from greenroom_service.classroom import rules as classroom
from greenroom_service.classroom.models import CohortRole
from greenroom_service.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from greenroom_service.identity import Principal, Role, Via, principal_of
from greenroom_service.logs import request_id_from
from greenroom_service.policy import Access
from greenroom_service.practice.rules import (
    KEEP_VERSIONS,
    THIN_TO,
    ProblemState,
    Save,
    Saved,
    decide_save,
    hint_gate,
    state_of,
    versions_to_drop,
)

COHORT, OTHER = uuid.uuid4(), uuid.uuid4()
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("opened", "attempts", "since", "solved", "may"),
    [
        (0, 0, 0, False, False),  # an attempt comes first
        (0, 1, 0, False, True),
        (1, 1, 0, False, False),  # the last hint is to be tried
        (1, 2, 1, False, True),
        (3, 5, 0, True, True),  # who has solved it may read on
        (4, 9, 9, True, False),  # there are no more
    ],
)
def test_hints_open_one_by_one_after_attempts(opened: int, attempts: int, since: int, solved: bool, may: bool) -> None:
    gate = hint_gate(opened=opened, total=4, attempts=attempts, attempts_since=since, solved=solved)
    assert gate.open is may
    assert bool(gate.why) is not may


@given(
    versions=st.integers(0, 40),
    base=st.integers(0, 40),
    mine=st.booleans(),
    same=st.booleans(),
)
def test_a_text_is_stored_only_on_top_of_what_its_editor_knows(
    versions: int, base: int, mine: bool, same: bool
) -> None:
    current = Saved("stored", versions, "me") if versions else None
    decision = decide_save(
        current, code="stored" if same else "new", base_version=base, client_id="me" if mine else "another"
    )
    if decision is Save.STORE:
        assert base == versions or (mine and base == versions - 1)
    elif decision is Save.KEEP:
        assert current is not None
        assert current.code == "stored"
        assert same
    else:
        assert base != versions


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=400))
def test_thinning_keeps_the_newest_the_first_and_one_an_hour(minutes: list[int]) -> None:
    times = [NOON + dt.timedelta(minutes=minute) for minute in sorted(minutes)]
    versions = list(enumerate(times, start=1))
    dropped = set(versions_to_drop(versions))
    kept = [(number, time) for number, time in versions if number not in dropped]
    assert {number for number, _ in versions[-KEEP_VERSIONS:]} <= {number for number, _ in kept}
    assert kept[0][0] == 1
    for number in dropped:
        time = times[number - 1]
        assert any(time - THIN_TO < other <= time for other_number, other in kept if other_number < number)


@pytest.mark.parametrize(
    ("attempts", "accepted", "state"),
    [(0, 0, ProblemState.NEW), (3, 0, ProblemState.TRIED), (3, 1, ProblemState.SOLVED)],
)
def test_how_far_a_student_is(attempts: int, accepted: int, state: ProblemState) -> None:
    assert state_of(attempts, accepted) is state


def test_a_cohort_keeps_an_instructor() -> None:
    with pytest.raises(ConflictError, match="last instructor"):
        classroom.check_keeps_instructor(1, CohortRole.INSTRUCTOR, None)
    with pytest.raises(ConflictError, match="last instructor"):
        classroom.check_keeps_instructor(1, CohortRole.INSTRUCTOR, CohortRole.STUDENT)
    classroom.check_keeps_instructor(2, CohortRole.INSTRUCTOR, None)
    classroom.check_keeps_instructor(1, CohortRole.INSTRUCTOR, CohortRole.INSTRUCTOR)
    classroom.check_keeps_instructor(1, CohortRole.ASSISTANT, None)


@pytest.mark.parametrize(
    ("at_the_hub", "in_the_cohort", "counts"),
    [
        (Role.STUDENT, CohortRole.INSTRUCTOR, CohortRole.STUDENT),
        (Role.STUDENT, CohortRole.ASSISTANT, CohortRole.STUDENT),
        (Role.ASSISTANT, CohortRole.INSTRUCTOR, CohortRole.ASSISTANT),
        (Role.ASSISTANT, CohortRole.STUDENT, CohortRole.STUDENT),
        (Role.INSTRUCTOR, CohortRole.STUDENT, CohortRole.STUDENT),
        (Role.INSTRUCTOR, CohortRole.INSTRUCTOR, CohortRole.INSTRUCTOR),
        (Role.ADMIN, CohortRole.STUDENT, CohortRole.INSTRUCTOR),
    ],
)
def test_of_the_role_at_the_hub_and_the_one_in_the_cohort_the_lesser_counts(
    at_the_hub: Role, in_the_cohort: CohortRole, counts: CohortRole
) -> None:
    caller = Principal(name="ada", role=at_the_hub, scopes=(), via=Via.HEADER)
    access = Access(caller, {COHORT: in_the_cohort})
    assert access.role_in(COHORT) is counts
    if at_the_hub is Role.ADMIN:
        return
    with pytest.raises(NotFoundError):
        access.require_member(OTHER)
    if counts is CohortRole.STUDENT:
        with pytest.raises(ForbiddenError):
            access.require_staff(COHORT)
        assert access.staffed() == ()


@pytest.mark.parametrize(
    "user",
    [
        {"name": "ada", "scopes": []},
        {"name": "ada", "scopes": ["custom:greenroom:submit!user=bob"]},
        {"name": "ada", "scopes": ["custom:greenroom:everything"]},
        {"name": "", "scopes": ["custom:greenroom:admin"]},
        {"name": "culler", "kind": "service", "scopes": ["custom:greenroom:admin"]},
        {},
    ],
)
def test_who_has_no_scope_of_ours_may_nothing(user: dict[str, object]) -> None:
    with pytest.raises(ForbiddenError):
        principal_of(dict(user), Via.HEADER)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=1, max_size=3))
def test_a_cursor_comes_back_as_it_was(keys: list[str]) -> None:
    assert paging.decode(paging.encode(*keys), len(keys)) == tuple(keys)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_a_bad_request(text: str) -> None:
    try:
        keys = paging.decode(text, 1)
    except BadRequestError:
        return
    assert len(keys) == 1


@given(st.text(max_size=80))
def test_a_request_id_of_a_caller_cannot_break_a_log_line(text: str) -> None:
    kept = request_id_from(text)
    assert kept is None or (kept == text and text.isascii() and text.isprintable() and '"' not in text)
