"""Reading and writing of study's tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from greenroom_service import accounts
from greenroom_service.classroom import queries as classroom
from greenroom_service.classroom.models import CohortRole
from greenroom_service.crypto import Place
from greenroom_service.database import insert, now
from greenroom_service.errors import NotFoundError
from greenroom_service.study import rules
from greenroom_service.study.memory import Memory
from greenroom_service.study.models import (
    Bookmark,
    CohortSheet,
    DailyPick,
    Goal,
    Note,
    Review,
    ReviewAnswer,
    ReviewCard,
)
from greenroom_service.study.rules import WeeklyGoal

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import AnyRow


# -- reviews ---------------------------------------------------------------------------------------------------------


def space_of(session: Session, user: str, problem_id: str, review: uuid.UUID | None) -> str:
    """The space of a draft: empty for the student's own, that of a review when one is named.

    Raises:
        NotFoundError: the student has no such review of this problem.
    """
    if review is None:
        return ""
    query = sa.select(Review.id).where(Review.id == review, Review.user_name == user, Review.problem_id == problem_id)
    if session.execute(query).first() is None:
        raise NotFoundError("You have no such review of this problem. Begin one at v1/reviews.")
    return str(review)


def open_review(session: Session, user: str, problem_id: str) -> AnyRow | None:
    """Row (id, begun_at) of the review that is not closed."""
    query = sa.select(Review.id, Review.begun_at).where(
        Review.user_name == user, Review.problem_id == problem_id, Review.closed_at.is_(None)
    )
    return session.execute(query).one_or_none()


def open_reviews(session: Session, user: str) -> Mapping[str, uuid.UUID]:
    """Ids of the reviews that are not closed, by problem."""
    query = sa.select(Review.problem_id, Review.id).where(Review.user_name == user, Review.closed_at.is_(None))
    return {row.problem_id: row.id for row in session.execute(query)}


def close_review(session: Session, user: str, problem_id: str) -> bool:
    """Close the open review of a problem; False when there is none."""
    closed = session.execute(
        sa.update(Review)
        .where(Review.user_name == user, Review.problem_id == problem_id, Review.closed_at.is_(None))
        .values(closed_at=now())
        .returning(Review.id)
    )
    return closed.first() is not None


def card(session: Session, user: str, problem_id: str) -> ReviewCard | None:
    """The card of one problem, locked against another rating until the transaction ends."""
    query = sa.select(ReviewCard).where(ReviewCard.user_name == user, ReviewCard.problem_id == problem_id)
    return session.execute(query.with_for_update()).scalar_one_or_none()


def cards(session: Session, user: str) -> Mapping[str, AnyRow]:
    """Rows (problem_id, stability, difficulty, rated_on, due_on, rating) by problem, the first due first."""
    columns = (
        ReviewCard.problem_id,
        ReviewCard.stability,
        ReviewCard.difficulty,
        ReviewCard.rated_on,
        ReviewCard.due_on,
        ReviewCard.rating,
    )
    query = sa.select(*columns).where(ReviewCard.user_name == user).order_by(ReviewCard.due_on, ReviewCard.problem_id)
    return {row.problem_id: row for row in session.execute(query)}


def memory_of(row: AnyRow | ReviewCard) -> Memory:
    """What a row of a card remembers."""
    return Memory(stability=row.stability, difficulty=row.difficulty, rated_on=row.rated_on)


def answers(session: Session, user: str) -> Sequence[AnyRow]:
    """Every rating that a student gave, oldest first, as columns of ReviewAnswer."""
    query = (
        sa.select(*ReviewAnswer.__table__.columns)
        .where(ReviewAnswer.user_name == user)
        .order_by(ReviewAnswer.rated_on, ReviewAnswer.problem_id)
    )
    return session.execute(query).all()


def page_of_answers(session: Session, user: str, *, before: tuple[dt.date, str] | None, limit: int) -> Sequence[AnyRow]:
    """Ratings, newest first, one more than asked."""
    query = sa.select(*ReviewAnswer.__table__.columns).where(ReviewAnswer.user_name == user)
    if before is not None:
        query = query.where(sa.tuple_(ReviewAnswer.rated_on, ReviewAnswer.problem_id) < sa.tuple_(*before))
    order = (ReviewAnswer.rated_on.desc(), ReviewAnswer.problem_id.desc())
    return session.execute(query.order_by(*order).limit(limit + 1)).all()


def reviews_of(session: Session, user: str, problem_id: str) -> int:
    """How often a problem was rated after the first time."""
    query = sa.select(sa.func.count()).where(
        ReviewAnswer.user_name == user, ReviewAnswer.problem_id == problem_id, ReviewAnswer.predicted.is_not(None)
    )
    return session.execute(query).scalar_one()


def answer_on(session: Session, user: str, problem_id: str, day: dt.date) -> ReviewAnswer | None:
    """The rating of one day."""
    return session.get(ReviewAnswer, (user, problem_id, day))


# -- bookmarks and notes ---------------------------------------------------------------------------------------------


def bookmarked(session: Session, user: str) -> frozenset[str]:
    """Ids of the problems with a bookmark."""
    return frozenset(session.execute(sa.select(Bookmark.problem_id).where(Bookmark.user_name == user)).scalars())


def bookmarks(session: Session, user: str, *, after: str | None, limit: int) -> Sequence[AnyRow]:
    """Rows (problem_id, made_at) by problem, one more than asked."""
    query = sa.select(Bookmark.problem_id, Bookmark.made_at).where(Bookmark.user_name == user)
    if after is not None:
        query = query.where(Bookmark.problem_id > after)
    return session.execute(query.order_by(Bookmark.problem_id).limit(limit + 1)).all()


def notes(session: Session, user: str, *, after: str | None, limit: int) -> Sequence[AnyRow]:
    """Rows (problem_id, version, saved_at) by problem, one more than asked."""
    query = sa.select(Note.problem_id, Note.version, Note.saved_at).where(Note.user_name == user)
    if after is not None:
        query = query.where(Note.problem_id > after)
    return session.execute(query.order_by(Note.problem_id).limit(limit + 1)).all()


def note(session: Session, user: str, problem_id: str) -> AnyRow | None:
    """Row (problem_id, body, version, saved_at) of one note, sealed."""
    query = sa.select(Note.problem_id, Note.body, Note.version, Note.saved_at).where(
        Note.user_name == user, Note.problem_id == problem_id
    )
    return session.execute(query).one_or_none()


def place_of_note(user: str, problem_id: str) -> Place:
    """Where the text of a note stands."""
    return Place(Note.__tablename__, f"{user}/{problem_id}", "body")


def write_note(session: Session, user: str, problem_id: str, body: bytes, base_version: int) -> bool:
    """Write a sealed note on top of a version, 0 for none; False when another version is stored."""
    if base_version == 0:
        statement = (
            insert(session, Note)
            .values(user_name=user, problem_id=problem_id, body=body, version=1, saved_at=now())
            .on_conflict_do_nothing()
            .returning(Note.version)
        )
        return session.execute(statement).first() is not None
    updated = session.execute(
        sa.update(Note)
        .where(Note.user_name == user, Note.problem_id == problem_id, Note.version == base_version)
        .values(body=body, version=base_version + 1, saved_at=now())
        .returning(Note.version)
    )
    return updated.first() is not None


# -- goals -----------------------------------------------------------------------------------------------------------


def goals(session: Session, user: str) -> Mapping[dt.date, WeeklyGoal]:
    """Weekly goals by the Monday from which they hold."""
    query = sa.select(Goal.from_week, Goal.days, Goal.skips).where(Goal.user_name == user)
    return {row.from_week: WeeklyGoal(row.days, row.skips) for row in session.execute(query)}


def set_goal(session: Session, user: str, week: dt.date, goal: WeeklyGoal) -> None:
    """Set the goal from a week on."""
    values = {"days": goal.days, "skips": goal.skips}
    session.execute(
        insert(session, Goal)
        .values(user_name=user, from_week=week, **values)
        .on_conflict_do_update(index_elements=["user_name", "from_week"], set_=values)
    )


# -- today's problem -------------------------------------------------------------------------------------------------


def sheets_of_cohort(session: Session, cohort_id: uuid.UUID) -> list[str]:
    """Ids of the sheets that a cohort has chosen, in order; empty for all problems."""
    query = sa.select(CohortSheet.sheet_id).where(CohortSheet.cohort_id == cohort_id).order_by(CohortSheet.sheet_id)
    return list(session.execute(query).scalars())


def choose_sheets(session: Session, cohort_id: uuid.UUID, sheet_ids: Collection[str]) -> None:
    """Replace a cohort's choice."""
    session.execute(sa.delete(CohortSheet).where(CohortSheet.cohort_id == cohort_id))
    if sheet_ids:
        rows = [{"cohort_id": cohort_id, "sheet_id": sheet_id} for sheet_id in sorted(set(sheet_ids))]
        session.execute(sa.insert(CohortSheet), rows)


def choice_for(session: Session, user: str) -> str:
    """The choice of sheets that counts for a person, as DailyPick names it; empty for all problems.

    It is that of the cohort which the person joined last as a student, among those that have chosen.
    """
    for cohort_id in classroom.joined(session, user, CohortRole.STUDENT):
        chosen = sheets_of_cohort(session, cohort_id)
        if chosen:
            return ",".join(chosen)
    return ""


def picks(session: Session, choice: str, since: dt.date, until: dt.date) -> Mapping[dt.date, str]:
    """Problems by day, both days included."""
    query = sa.select(DailyPick.day, DailyPick.problem_id).where(
        DailyPick.choice == choice, DailyPick.day >= since, DailyPick.day <= until
    )
    return {row.day: row.problem_id for row in session.execute(query)}


def promise(
    session: Session, choice: str, today: dt.date, candidates: Collection[str], offered: Collection[str]
) -> None:
    """Write what is missing, so that today and the days after it have a problem.

    Processes may do so at the same time: the first to write a day decides it, whatever problems the others know.
    """
    known = picks(session, choice, today - dt.timedelta(days=rules.REST), today + dt.timedelta(days=rules.PROMISED))
    made = rules.schedule(choice, today, candidates, known, offered)
    for day, problem in sorted(made.items()):
        row = {"problem_id": problem, "picked_at": now()}
        statement = insert(session, DailyPick).values(choice=choice, day=day, **row)
        if day in known:  # withdrawn: replaced unless somebody else was quicker
            withdrawn = DailyPick.problem_id == known[day]
            session.execute(
                statement.on_conflict_do_update(index_elements=["choice", "day"], set_=row, where=withdrawn)
            )
        else:
            session.execute(statement.on_conflict_do_nothing())


# -- who has reviews to do -------------------------------------------------------------------------------------------


def newly_due(session: Session, zone: str, today: dt.date) -> Sequence[AnyRow]:
    """Rows (user_name, due) of people in a time zone for whom something becomes due today: how many are due in all."""
    lives_in = sa.func.coalesce(accounts.Account.time_zone, accounts.DEFAULT_ZONE)
    fresh = sa.func.max(ReviewCard.due_on) == today
    query = (
        sa.select(ReviewCard.user_name, sa.func.count().label("due"))
        .outerjoin(accounts.Account, accounts.Account.name == ReviewCard.user_name)
        .where(lives_in == zone, ReviewCard.due_on <= today)
        .group_by(ReviewCard.user_name)
        .having(fresh)
    )
    return session.execute(query).all()
