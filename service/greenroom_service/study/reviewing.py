"""Reviewing: what may be rated now, and what a rating changes.

There is something to rate when a problem was solved for the first time, and in a review. A review opens a blank editor:
its draft lies in a space of its own, beside the student's own draft, which stays as it was. Solving a problem again
outside a review changes nothing, for the old solution is still in the editor. Each problem has one rating a day; a
second one on the same day replaces the first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from greenroom_service import accounts
from greenroom_service.database import insert, new_id
from greenroom_service.errors import ConflictError
from greenroom_service.practice import history
from greenroom_service.study import memory, queries, rules
from greenroom_service.study.memory import Memory
from greenroom_service.study.models import Rating, Review, ReviewAnswer, ReviewCard
from greenroom_service.study.rules import Effort, Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_problems import Problem
    from greenroom_service.database import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How did it go? Asked when there is something to rate."""

    today: dt.date
    effort: Effort
    proposal: Proposal
    #: What was remembered before; None for the first rating.
    before: Memory | None
    #: Without an accepted submission there is only one answer.
    ratings: tuple[Rating, ...]


def question(session: Session, user: str, problem: Problem, moment: dt.datetime) -> Question | None:
    """What may be rated now; None when there is nothing."""
    card = queries.card(session, user, problem.id)
    today = memory.today_in(accounts.preferences_of(session, user).zone, moment)
    if card is not None:
        today = max(today, card.rated_on)
    given = queries.answer_on(session, user, problem.id, today)
    opened = queries.open_review(session, user, problem.id)
    effort = _effort(session, user, problem.id, opened, given=given, rated=card is not None)
    if effort is None:
        return None
    return Question(
        today=today,
        effort=effort,
        proposal=rules.propose(effort, problem.difficulty),
        before=_before(given, card),
        ratings=tuple(Rating) if effort.accepted else (Rating.AGAIN,),
    )


def _effort(
    session: Session, user: str, problem_id: str, opened: AnyRow | None, *, given: ReviewAnswer | None, rated: bool
) -> Effort | None:
    if opened is not None:
        deeds = history.deeds(session, user, problem_id, since=opened.begun_at, space=str(opened.id))
        return rules.effort_of(deeds.get(problem_id, ()), begun=opened.begun_at)
    if given is not None:
        accepted = given.proposed != Rating.AGAIN or given.hints >= rules.OUTLINE
        return Effort(seconds=given.seconds, attempts=given.attempts, hints=given.hints, accepted=accepted)
    if rated:
        return None
    effort = rules.effort_of(history.deeds(session, user, problem_id).get(problem_id, ()))
    return effort if effort.accepted else None


def _before(given: ReviewAnswer | None, card: ReviewCard | None) -> Memory | None:
    """What was remembered before today: a rating of today is replaced, not added to."""
    if given is None:
        return None if card is None else queries.memory_of(card)
    if given.before_stability is None or given.before_difficulty is None or given.before_rated_on is None:
        return None
    return Memory(stability=given.before_stability, difficulty=given.before_difficulty, rated_on=given.before_rated_on)


def rate(session: Session, user: str, problem: Problem, rating: Rating, moment: dt.datetime) -> None:
    """Give a rating: the problem comes again on another day, and its open review is closed.

    Raises:
        ConflictError: there is nothing to rate, or nothing was accepted and the rating says otherwise.
    """
    asked = question(session, user, problem, moment)
    if asked is None:
        raise ConflictError("There is nothing to rate: solve the problem first, or begin a review of it.")
    if rating not in asked.ratings:
        raise ConflictError("Nothing was accepted in this review, so it can only be rated `again`. Or go on with it.")
    scheduled = memory.rate(asked.before, rating, asked.today)
    key = {"user_name": user, "problem_id": problem.id}
    card = {
        "stability": scheduled.memory.stability,
        "difficulty": scheduled.memory.difficulty,
        "rated_on": scheduled.memory.rated_on,
        "due_on": scheduled.due_on,
        "rating": rating.value,
    }
    before = asked.before
    answer = {
        "rating": rating.value,
        "proposed": asked.proposal.rating.value,
        "seconds": asked.effort.seconds,
        "attempts": asked.effort.attempts,
        "hints": asked.effort.hints,
        "before_stability": None if before is None else before.stability,
        "before_difficulty": None if before is None else before.difficulty,
        "before_rated_on": None if before is None else before.rated_on,
        "predicted": None if before is None else memory.chance(before, asked.today),
        "answered_at": moment,
    }
    session.execute(
        insert(session, ReviewCard)
        .values(**key, **card)
        .on_conflict_do_update(index_elements=["user_name", "problem_id"], set_=card)
    )
    session.execute(
        insert(session, ReviewAnswer)
        .values(**key, rated_on=asked.today, **answer)
        .on_conflict_do_update(index_elements=["user_name", "problem_id", "rated_on"], set_=answer)
    )
    queries.close_review(session, user, problem.id)


def begin(session: Session, user: str, problem: Problem, moment: dt.datetime) -> AnyRow:
    """Row (id, begun_at) of the review that is open now; begins one when none is.

    Raises:
        ConflictError: the problem was never rated, or was rated today.
    """
    card = queries.card(session, user, problem.id)
    if card is None:
        raise ConflictError("Solve this problem and rate it first; then it comes back for review.")
    if card.rated_on >= memory.today_in(accounts.preferences_of(session, user).zone, moment):
        raise ConflictError("You rated this problem today. A review helps from tomorrow on.")
    session.execute(
        insert(session, Review)
        .values(id=new_id(), user_name=user, problem_id=problem.id, begun_at=moment)
        .on_conflict_do_nothing(index_elements=["user_name", "problem_id"], index_where=sa.text("closed_at is null"))
    )
    found = queries.open_review(session, user, problem.id)
    if found is None:  # pragma: no cover - the statement above made one or found one
        raise ConflictError("The review was closed at the same time. Begin it again.")
    return found


def mastered(cards: Mapping[str, AnyRow], answers: Sequence[AnyRow]) -> frozenset[str]:
    """Ids of the problems that are mastered."""
    counted: dict[str, int] = {}
    for row in answers:
        counted[row.problem_id] = counted.get(row.problem_id, -1) + 1
    return frozenset(
        problem
        for problem, card in cards.items()
        if memory.mastered(card.stability, Rating(card.rating), counted.get(problem, 0))
    )
