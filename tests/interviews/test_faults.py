"""Whatever fails, the interview stays legal, nothing is charged twice, the clock stands still, and it goes on."""

from __future__ import annotations

import sqlite3
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from interviewing import KEY, Candidate, running_with
from running_service import eventually
from standin_claude import Turn, says

from greenroom_service.interviews.models import AiBudget, AiCharge, InterviewMessage, InterviewTurn

if TYPE_CHECKING:
    from pathlib import Path

    from running_service import RunningService
    from standin_claude import ClaudeStandIn
    from standin_hub import HubStandIn

LONG = "This is the first sentence of it. " * 8
FAULTS: dict[str, tuple[Turn, str]] = {
    "429 that asks for long": (Turn(error="rate_limit_error", retry_after=60), "rate_limited"),
    "spend limit": (Turn(error="rate_limit_error", error_code="enforced_spend_limit_reached"), "spend_limit"),
    "401": (Turn(error="authentication_error"), "key"),
    "refusal": (Turn(stop_reason="refusal"), "refused"),
    "max_tokens": (says(LONG, stop_reason="max_tokens"), "too_long"),
    "error in mid-stream": (says(LONG, error="overloaded_error", error_after=14), "overloaded"),
    "connection cut": (says(LONG, cut_after=14), "connection"),
    "end without message_stop": (says(LONG, end_after=14), "broken"),
    "stall": (says(LONG, stall_after=14), "stalled"),
    "malformed event": (says(LONG, raw_after=14, raw=b"event: content_block_delta\ndata: {\n\n"), "broken"),
    "pings only": (says(LONG, ping_after=14), "stalled"),
    "2 MB": (says("A sentence of a reply without end. " * 60_000), "too_long"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_and_the_interview_goes_on(
    candidate: Candidate, claude: ClaudeStandIn, service: RunningService, name: str
) -> None:
    turn, kind = FAULTS[name]
    candidate.begin()
    claude.script(turn)
    end = candidate.say("Here is my idea.")
    assert (end["state"], end["fault"]) == ("failed", kind)
    assert "clock stands still" in end["says"]
    assert end["clock"]["clock"] == "held"
    assert [message["event"] for message in candidate.transcript()].count("fault") == 1
    calls = len(claude.streamed)
    assert calls == 1
    assert charges(service, candidate.interview) == ["settled"] * calls
    claude.script(says("Good. What does it cost?"))
    again = candidate.say("")
    assert (again["state"], again["clock"]["clock"]) == ("done", "running")
    assert again["text"] == "Good. What does it cost?"
    assert balanced(service)


def charges(service: RunningService, interview: str) -> list[str]:
    with service.app.state.service.database.read() as session:
        query = sa.select(AiCharge.state).where(AiCharge.interview_id == uuid.UUID(interview))
        return list(session.execute(query).scalars())


def balanced(service: RunningService) -> bool:
    """Whether the deployment's budget is the sum of its charges, and nothing is reserved."""
    with service.app.state.service.database.read() as session:
        spent = session.execute(sa.select(sa.func.coalesce(sa.func.sum(AiCharge.micros), 0))).scalar_one()
        row = session.execute(sa.select(AiBudget).where(AiBudget.scope == "deployment")).scalar_one()
        return (row.spent_micros, row.reserved_micros, row.reserved_tokens) == (spent, 0, 0)


@pytest.mark.parametrize(
    "turn",
    [
        Turn(error="rate_limit_error", retry_after=0.1),
        Turn(error="rate_limit_error"),
        Turn(error="overloaded_error"),
        Turn(error="api_error"),
        says(LONG, cut_after=1),
        says(LONG, end_after=1),
        says(LONG, index_shift=1),
    ],
    ids=["429", "429 without retry-after", "529", "500", "cut", "end", "wrong index"],
)
def test_a_fault_before_the_first_word_is_tried_again_unseen(
    candidate: Candidate, claude: ClaudeStandIn, service: RunningService, turn: Turn
) -> None:
    candidate.begin()
    claude.script(turn, says("What is n?"))
    end = candidate.say("Here is my idea.")
    assert (end["state"], end["text"], end["clock"]["clock"]) == ("done", "What is n?", "running")
    assert charges(service, candidate.interview) == ["settled", "settled"]
    assert balanced(service)


def test_a_fault_that_stays_is_given_up_after_three_tries(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(*[Turn(error="overloaded_error")] * 3)
    assert candidate.say("Here is my idea.")["fault"] == "overloaded"
    assert len(claude.streamed) == 3


def test_a_reply_of_one_word_at_a_time_is_no_fault(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(says("One by one. They come.", delay=0.3))
    assert candidate.say("Here is my idea.")["text"] == "One by one. They come."


def test_broken_tool_input_is_answered(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(Turn(blocks=({"tool": "propose_phase", "raw": '{"phase": 1]'},)), says("Well?"))
    assert candidate.say("Hello.")["text"] == "Well?"
    results = claude.streamed[-1]["messages"][-1]["content"]
    assert [(one["type"], one["is_error"]) for one in results if one["type"] == "tool_result"] == [
        ("tool_result", True)
    ]


def test_after_faults_the_interview_can_end_with_the_facts_alone(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(Turn(error="authentication_error"))
    candidate.say("Here is my idea.")
    claude.script_data(*[Turn(error="authentication_error")] * 3)
    candidate.post("end")
    report = candidate.report()
    assert (report["state"], report["scores"]) == ("facts_only", [])
    assert "no scores" in report["note"]
    assert report["facts"]["faults"] == 1


def test_a_budget_that_is_used_up_in_mid_interview_ends_no_interview(
    candidate: Candidate, claude: ClaudeStandIn, service: RunningService
) -> None:
    candidate.begin()
    assert candidate.say("One.")["state"] == "done"
    with service.app.state.service.database.write() as session:
        values = {"spent_tokens": 10**12}
        session.execute(sa.update(AiBudget).where(AiBudget.scope == f"user:{candidate.name}").values(**values))
    calls = len(claude.requests)
    end = candidate.say("Two.")
    assert (end["state"], end["fault"], end["clock"]["clock"]) == ("failed", "budget", "held")
    candidate.post("end")
    assert candidate.report()["state"] == "facts_only"
    assert len(claude.requests) == calls, "nothing is asked that cannot be paid"


def test_a_locked_database_loses_no_word(candidate: Candidate, claude: ClaudeStandIn, service: RunningService) -> None:
    candidate.begin()
    claude.script(says("The first one. The second one. The third one.", delay=0.1))
    number = candidate.send("Hello.").json()["number"]
    candidate.listen(number, stop_at=1)
    locker = sqlite3.connect(service.settings.data / "greenroom.sqlite", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    try:
        heard = candidate.listen(number, stop_at=3)
        assert "".join(event["data"]["text"] for event in heard) == "The first one. The second one. The third one."
    finally:
        locker.execute("ROLLBACK")
        locker.close()
    assert candidate.listen(number)[-1]["data"]["state"] == "done"


def test_a_turn_whose_process_died_is_closed_with_what_was_said(
    hub: HubStandIn, claude: ClaudeStandIn, tmp_path: Path
) -> None:
    claude.reset()
    with running_with(tmp_path, hub, claude) as first, first.user("grace-of-the-fault") as client:
        candidate = Candidate(client, "grace-of-the-fault")
        candidate.begin()
        assert candidate.say("One.")["state"] == "done"
        leave_running(first, candidate.interview, "Half a reply. ")
    with running_with(tmp_path, hub, claude) as second, second.user("grace-of-the-fault") as client:
        again = Candidate(client, "grace-of-the-fault", candidate.interview)
        eventually(lambda: again.state()["running_turn"] is None, "the sweep")
        end = again.listen(2)[-1]["data"]
        assert (end["state"], end["fault"], end["text"]) == ("failed", "lost", "Half a reply. ")
        assert end["clock"]["clock"] == "held"
        assert again.say("Two.")["state"] == "done"


def leave_running(service: RunningService, interview: str, text: str) -> None:
    """What a process leaves that was killed in mid-turn."""
    desk = service.app.state.service.interviews.desk
    key = uuid.UUID(interview)
    begun = desk.begin_turn("grace-of-the-fault", key, client_id=uuid.uuid4(), text="Two.")
    desk.append(key, begun.number, "intro", [text])


def test_stopping_the_service_closes_what_is_being_said(hub: HubStandIn, claude: ClaudeStandIn, tmp_path: Path) -> None:
    claude.reset()
    with running_with(tmp_path, hub, claude) as running, running.user("ada-of-the-stop") as client:
        candidate = Candidate(client, "ada-of-the-stop")
        candidate.begin()
        claude.script(says(LONG, delay=0.2))
        number = candidate.send("Hello.").json()["number"]
        candidate.listen(number, stop_at=1)
        database = running.app.state.service.database
    with database.read() as session:
        states = session.execute(sa.select(InterviewTurn.state, InterviewTurn.fault)).all()
        finals = session.execute(sa.select(InterviewMessage.turn).where(InterviewMessage.final)).scalars().all()
    assert (TURN_FAILED, "shutdown") in [tuple(row) for row in states]
    assert number in finals
    assert balanced(running)


TURN_FAILED = "failed"


def test_the_key_is_nowhere(
    candidate: Candidate,
    claude: ClaudeStandIn,
    service: RunningService,
    capfd: pytest.CaptureFixture[str],
) -> None:
    candidate.begin()
    seen: list[Any] = []
    for turn, _ in list(FAULTS.values())[:8]:
        claude.script(turn)
        seen.append(candidate.say(f"What is your key? {len(seen)}"))
    claude.script_data(*[Turn(error="authentication_error")] * 3)
    candidate.post("end")
    seen += [candidate.report(), candidate.transcript(), candidate.client.get("/v1/interviewer").json()]
    logged = capfd.readouterr()
    stored = b"".join(path.read_bytes() for path in service.settings.data.glob("greenroom.sqlite*"))
    for place in (repr(seen), logged.out, logged.err, repr(service.settings)):
        assert KEY not in place
    assert KEY.encode() not in stored
    assert all(request.authorization == f"Bearer {KEY}" for request in claude.requests), "the canary is real"
