"""What the tables of practice promise on both databases: versions, claims, verdicts written once, events in order."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from standin_engine import StandInEngine

from greenroom_grader.dispatch import Job, Priority
from greenroom_problems import Verdict
from greenroom_service import outbox
from greenroom_service.classroom.models import Cohort, Membership
from greenroom_service.database import Database, migrate, new_id, now
from greenroom_service.judging import LazyEngine
from greenroom_service.metrics import Metrics
from greenroom_service.practice import queries
from greenroom_service.practice.grading import LEASE, MAX_ATTEMPTS, Grader, Sweep
from greenroom_service.practice.models import Draft, State, Submission
from greenroom_service.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBLEMS = Path(__file__).resolve().parents[2] / "notebooks" / "problems"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def engine() -> StandInEngine:
    return StandInEngine()


@pytest.fixture
def lazy(engine: StandInEngine) -> LazyEngine:
    opened = LazyEngine(lambda: engine)
    opened.start()
    return opened


#: Loaded once for all tests.
SHELF = Shelf(PROBLEMS)


def grader(database: Database, lazy: LazyEngine) -> Grader:
    return Grader(database=database, shelf=SHELF, engine=lazy, metrics=Metrics())


def hand_in(database: Database, code: str = "", **more: object) -> str:
    row = {
        "id": new_id(),
        "user_name": "ada",
        "problem_id": "two-sum",
        "code": code,
        "client_id": uuid.uuid4(),
        "state": State.QUEUED.value,
        "priority": int(Priority.PRACTICE),
        "attempts": 0,
        "created_at": now(),
        **more,
    }
    with database.write() as session:
        session.execute(sa.insert(Submission).values(**row))
    return str(row["id"])


def row_of(database: Database, submission: str) -> Submission:
    with database.read() as session:
        found = session.get(Submission, uuid.UUID(submission))
    assert found is not None
    return found


def events(database: Database) -> list[outbox.Event]:
    with database.read() as session:
        return list(outbox.events_of(session, "ada", after=0))


def test_times_come_back_in_utc_and_a_time_without_an_offset_is_refused(database: Database) -> None:
    moment = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=5)))
    submission = hand_in(database, created_at=moment)
    stored = row_of(database, submission).created_at
    assert stored == moment
    assert stored.utcoffset() == dt.timedelta(0)
    with pytest.raises(sa.exc.StatementError, match="without an offset"):
        hand_in(database, created_at=dt.datetime(2026, 3, 1))  # noqa: DTZ001 - the point


def test_foreign_keys_and_checks_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Membership(cohort_id=new_id(), user_name="ada", role="student", added_at=now()))
    with pytest.raises(IntegrityError):
        hand_in(database, state=State.FINAL.value)
    cohort = new_id()
    with database.write() as session:
        session.add(Cohort(id=cohort, name="one", created_by="ada", created_at=now()))
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Membership(cohort_id=cohort, user_name="ada", role="emperor", added_at=now()))


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}


def test_of_two_writers_of_one_version_the_second_is_told(database: Database) -> None:
    with database.write() as session:
        queries.store_draft(session, "ada", "two-sum", code="1", version=1, client_id="a")
    for version in (1, 2, 2):
        stored = row_version(database)
        if version > stored:
            with database.write() as session:
                queries.store_draft(session, "ada", "two-sum", code="x", version=version, client_id="b")
        else:
            with pytest.raises(IntegrityError), database.write() as session:
                queries.store_draft(session, "ada", "two-sum", code="y", version=version, client_id="b")
    assert row_version(database) == 2


def row_version(database: Database) -> int:
    with database.read() as session:
        return session.execute(sa.select(Draft.version)).scalar_one()


def test_a_submission_is_graded_once_however_many_take_it(
    database: Database, engine: StandInEngine, lazy: LazyEngine
) -> None:
    submission = hand_in(database, "# verdict: wrong_answer")
    graders = [grader(database, lazy) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: one.grade(submission), graders))
    assert engine.judged == ["# verdict: wrong_answer"]
    assert row_of(database, submission).verdict == "wrong_answer"
    assert [event.payload["verdict"] for event in events(database)] == ["wrong_answer"]


def test_whoever_comes_late_writes_nothing(database: Database, engine: StandInEngine, lazy: LazyEngine) -> None:
    """The first grader stalls, its lease runs out, another one finishes; then the first one wakes up."""
    submission = hand_in(database, "# wait\n# verdict: wrong_answer")
    stalled = threading.Thread(target=grader(database, lazy).grade, args=(submission,))
    stalled.start()
    assert engine.begun.wait(30)
    with database.write() as session:
        session.execute(sa.update(Submission).values(lease_until=now() - LEASE))
    quick = StandInEngine()
    quick.go.set()
    other = LazyEngine(lambda: quick)
    other.start()
    taken = row_of(database, submission)
    assert (taken.state, taken.attempts) == ("running", 1)
    grader(database, other).grade(submission)
    finished = row_of(database, submission)
    assert (finished.state, finished.attempts) == ("final", 2)
    engine.change = lambda _: Verdict.ACCEPTED
    engine.go.set()
    stalled.join(30)
    again = row_of(database, submission)
    assert (again.verdict, again.finished_at) == ("wrong_answer", finished.finished_at)
    assert len(events(database)) == 1


def test_the_lease_of_what_a_thread_works_on_is_kept_and_no_other(
    database: Database, engine: StandInEngine, lazy: LazyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenroom_service.practice.grading.HEARTBEAT", 0.05)
    mine = grader(database, lazy)
    abandoned = hand_in(database, state=State.RUNNING.value, runner=mine.runner, lease_until=now(), attempts=1)
    working = hand_in(database, "# wait")
    mine.start()
    thread = threading.Thread(target=mine.grade, args=(working,))
    thread.start()
    assert engine.begun.wait(30)
    first = row_of(database, working).lease_until
    assert first is not None
    while (seen := row_of(database, working).lease_until) is None or seen <= first:
        assert thread.is_alive()
    left = row_of(database, abandoned).lease_until
    assert left is not None
    assert left < now()
    engine.go.set()
    thread.join(30)
    mine.stop()


class Collected:
    """A dispatch that keeps what it is given."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, job: Job) -> None:
        self.jobs.append(job)


def test_the_sweep_brings_what_was_left_behind_most_urgent_first(database: Database) -> None:
    long_ago = now() - dt.timedelta(minutes=1)
    hand_in(database, created_at=now())  # the queue has it
    forgotten = hand_in(database, created_at=long_ago)
    died = hand_in(database, state=State.RUNNING.value, lease_until=long_ago, created_at=long_ago)
    hand_in(database, state=State.RUNNING.value, lease_until=now() + LEASE, created_at=long_ago)
    contest = hand_in(database, created_at=long_ago, priority=int(Priority.CONTEST))
    dispatch = Collected()
    assert Sweep(database, dispatch, sole=False).once() == 3  # type: ignore[arg-type]
    assert dispatch.jobs == [Job(contest, Priority.CONTEST), Job(forgotten), Job(died)]


def test_what_takes_its_grader_down_every_time_is_given_up(
    database: Database, engine: StandInEngine, lazy: LazyEngine
) -> None:
    submission = hand_in(database, attempts=MAX_ATTEMPTS)
    grader(database, lazy).grade(submission)
    row = row_of(database, submission)
    assert (row.verdict, engine.judged) == ("internal_error", [])
    assert "does not count" in str(row.message)


def test_a_process_that_stops_gives_back_what_it_had(database: Database, lazy: LazyEngine) -> None:
    mine = grader(database, lazy)
    submission = hand_in(database, state=State.RUNNING.value, runner=mine.runner, lease_until=now() + LEASE)
    other = hand_in(database, state=State.RUNNING.value, runner="another", lease_until=now() + LEASE)
    mine.release()
    assert row_of(database, submission).state == "queued"
    assert row_of(database, other).state == "running"


def test_events_become_visible_in_the_order_of_their_numbers(database: Database) -> None:
    """A reader that saw number n must never find n - 1 later."""
    stop = threading.Event()
    missed: list[tuple[int, int]] = []

    def read() -> None:
        seen: list[int] = []
        while not stop.is_set():
            with database.read() as session:
                found = [event.seq for event in outbox.events_of(session, "ada", after=0, limit=1000)]
            missed.extend((seen[-1], one) for one in found if seen and one < seen[-1] and one not in seen)
            seen = found

    def write(_: int) -> None:
        with database.write() as session:
            outbox.publish(session, user="ada", kind="submission", payload={})

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    stop.set()
    reader.join(30)
    assert missed == []
    assert len(events_all(database)) == 120


def events_all(database: Database) -> list[outbox.Event]:
    with database.read() as session:
        return list(outbox.events_of(session, "ada", after=0, limit=1000))


def test_old_events_are_forgotten_and_their_numbers_never_come_again(database: Database) -> None:
    with database.write() as session:
        outbox.publish(session, user="ada", kind="submission", payload={})
        session.execute(sa.update(outbox.OutboxEvent).values(at=now() - outbox.KEEP - dt.timedelta(days=1)))
    (old,) = events(database)
    with database.write() as session:
        outbox.prune(session)
        outbox.publish(session, user="ada", kind="submission", payload={})
    (fresh,) = events(database)
    assert fresh.seq > old.seq
