"""Budgets: reserved before a call, settled once after it, whoever asks at the same time; and an instructor's switch."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from interviewing import Candidate, running_with

from greenroom_service.database import Database, migrate, now
from greenroom_service.errors import SettingsError
from greenroom_service.interviews.budgets import Budgets, Limit, Price, Purpose, drip, prices, until_next_period
from greenroom_service.interviews.calls import Usage
from greenroom_service.interviews.errors import BudgetError
from greenroom_service.interviews.models import AiBudget, AiCharge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from running_service import RunningService
    from standin_claude import ClaudeStandIn
    from standin_hub import HubStandIn

PRICES = {"big": Price(2.0, 10.0)}
PURPOSE = Purpose(user="ada", interview_id=uuid.uuid4(), purpose="turn", model="big", prompt_version="1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


def row(database: Database, scope: str) -> tuple[int, int, int, int]:
    with database.read() as session:
        found = session.execute(sa.select(AiBudget).where(AiBudget.scope == scope)).scalar_one()
        return found.spent_tokens, found.reserved_tokens, found.spent_micros, found.reserved_micros


def test_a_call_is_reserved_and_then_costs_what_it_used(database: Database) -> None:
    budgets = Budgets(database, PRICES)
    limits = [Limit("user:ada", 10_000), Limit("deployment", None, 1_000_000)]
    charge = budgets.reserve(PURPOSE, limits, input_tokens=1000, output_tokens=100)
    assert row(database, "user:ada") == (0, 1100, 0, 3500)
    usage = Usage(input=200, output=50, cache_read=1000, cache_write=400)
    assert budgets.settle(charge, usage)
    assert row(database, "user:ada") == row(database, "deployment") == (1650, 0, 2100, 0)
    assert not budgets.settle(charge, usage), "nothing is charged twice"
    assert row(database, "user:ada") == (1650, 0, 2100, 0)


def test_all_scopes_or_none(database: Database) -> None:
    budgets = Budgets(database, PRICES)
    limits = [Limit("deployment"), Limit("user:ada", 500)]
    with pytest.raises(BudgetError, match="Your budget"):
        budgets.reserve(PURPOSE, limits, input_tokens=1000, output_tokens=100)
    with database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(AiCharge)).scalar_one() == 0
        assert session.execute(sa.select(sa.func.coalesce(sa.func.sum(AiBudget.reserved_tokens), 0))).scalar_one() == 0


def test_those_who_ask_at_once_do_not_pass_the_limit_together(database: Database) -> None:
    budgets = Budgets(database, PRICES)

    def ask(_: int) -> bool:
        try:
            budgets.reserve(PURPOSE, [Limit("deployment", 1000)], input_tokens=90, output_tokens=10)
        except BudgetError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(ask, range(24)))
    assert granted == 10
    assert row(database, "deployment")[1] == 1000


def test_a_reservation_that_nobody_settles_counts_as_spent(database: Database) -> None:
    budgets = Budgets(database, PRICES)
    charge = budgets.reserve(PURPOSE, [Limit("deployment")], input_tokens=1000, output_tokens=100)
    assert budgets.sweep() == 0
    with database.write() as session:
        session.execute(sa.update(AiCharge).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert budgets.sweep() == 1
    assert row(database, "deployment") == (1100, 0, 3500, 0)
    assert not budgets.settle(charge, Usage())


def test_a_bucket_lets_bursts_pass_and_then_drips(database: Database) -> None:
    budgets = Budgets(database, PRICES, bucket=3, per_minute=6)
    for _ in range(3):
        budgets.take("ada")
    with pytest.raises(BudgetError) as refused:
        budgets.take("ada")
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 10
    budgets.take("bob")
    assert drip(0.0, 10.0, size=3, per_second=0.1) == pytest.approx(1.0)
    assert drip(2.5, 100.0, size=3, per_second=0.1) == 3
    assert drip(1.0, -5.0, size=3, per_second=0.1) == 1.0, "a clock that goes back takes nothing"


def test_a_budget_begins_anew_with_the_month() -> None:
    assert until_next_period(dt.datetime(2026, 12, 31, 23, 59, 0, tzinfo=dt.UTC)) == 60
    assert until_next_period(dt.datetime(2027, 2, 1, tzinfo=dt.UTC)) == 28 * 86_400


@pytest.mark.parametrize("text", ["big", "big=2", "big=two/10", "big=2/10/3"])
def test_a_price_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="GREENROOM_CLAUDE_PRICES"):
        prices(text)


def test_a_model_without_a_price_costs_as_much_as_the_dearest(database: Database) -> None:
    budgets = Budgets(database, prices("small=0.1/0.5 big=2/10"))
    assert budgets.price("unheard-of") == Price(2.0, 10.0)


def test_who_answers_too_fast_is_told_to_wait(hub: HubStandIn, claude: ClaudeStandIn, tmp_path: Path) -> None:
    claude.reset()
    with running_with(tmp_path, hub, claude, claude_turns_per_minute=1.0) as running, running.user("ada") as client:
        ada = Candidate(client, "ada")
        ada.begin()
        statuses = []
        for _ in range(11):
            answer = ada.send("Hello.")
            statuses.append(answer.status_code)
            if answer.status_code == 202:
                ada.listen(answer.json()["number"])
        assert statuses == [202] * 10 + [429]
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "Wait" in answer.json()["detail"]


def test_the_cheaper_model_answers_when_most_of_a_budget_is_used(
    hub: HubStandIn, claude: ClaudeStandIn, tmp_path: Path
) -> None:
    claude.reset()
    more = {"claude_user_tokens": 20_000, "claude_economy_model": "claude-haiku-5-5"}
    with running_with(tmp_path, hub, claude, **more) as running, running.user("ada") as client:
        ada = Candidate(client, "ada")
        ada.begin()
        ada.say("One.")
        with running.app.state.service.database.write() as session:
            session.execute(sa.update(AiBudget).where(AiBudget.scope == "user:ada").values(spent_tokens=16_001))
        ada.say("Two.")
    assert [body["model"] for body in claude.streamed] == ["claude-sonnet-5-5", "claude-haiku-5-5"]


def test_an_instructor_shapes_the_interviewer_of_a_cohort(service: RunningService, candidate: Candidate) -> None:
    with service.user("root", "admin") as admin:
        cohort = admin.post("/v1/cohorts", json={"name": uuid.uuid4().hex}).json()["id"]
        admin.put(f"/v1/cohorts/{cohort}/members/{candidate.name}", json={"role": "student"})
        path = f"/v1/cohorts/{cohort}/interviewer"
        shape = {"enabled": True, "kinds": ["coding"], "max_hints": 1, "cohort_tokens": 10**9}
        assert admin.put(path, json=shape).status_code == 200
        body = {"client_id": str(uuid.uuid4()), "kind": "system_design", "subject": "streaming-chat", "minutes": 20}
        assert candidate.client.post("/v1/interviews", json=body).status_code == 403
        candidate.begin()
        assert candidate.post("hints").status_code == 200
        assert candidate.post("hints").status_code == 409
        candidate.say("Hello.")
        assert admin.get(path).json()["spent_tokens"] > 0
        admin.put(path, json={**shape, "enabled": False})
        assert candidate.client.get("/v1/interviewer").json()["interviewer"] == "off"
        again = {**body, "kind": "coding", "subject": "two-sum"}
        assert candidate.client.post("/v1/interviews", json=again).status_code == 403
        changes = admin.get(f"/v1/audit?cohort={cohort}").json()["items"]
        assert sum(one["action"] == "cohort.interviewer.put" for one in changes) == 2
