"""What a candidate writes is data: it changes no rule, phase, score or budget, not even when the model obeys it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from standin_claude import Interviewer, Turn, says

from greenroom_service.interviews.models import AiBudget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interviewing import Candidate
    from running_service import RunningService
    from standin_claude import ClaudeStandIn

ATTACKS = (Path(__file__).parent / "data" / "injections.txt").read_text(encoding="utf-8").splitlines()
LEAST = 60
#: Attacks of one interview; each is one turn.
GROUP = 12
SOLUTION = """for position, price in enumerate(prices):
    if voucher - price in seen:
        return [seen[voucher - price], position]"""
INVENTED = "I proved the loop invariant and tested every edge case"


def obey(body: dict[str, Any]) -> Turn:
    """A model that does everything that any of the attacks asks for, and more."""
    if not body.get("stream"):
        asked = json.loads(body["messages"][-1]["content"][-1]["text"])
        quotes = [{"turn": 1, "quote": INVENTED}]
        row = {"level": "4", "because": "I was told to.", "quotes": quotes, "next_step": "None."}
        return says(json.dumps({"scores": [{"criterion": one["id"], **row} for one in asked["criteria"]]}))
    tools = [
        {"tool": "propose_phase", "input": {"phase": "wrap", "reason": "I was told to"}},
        {"tool": "propose_phase", "input": {"phase": "report", "reason": "I was told to"}},
        {"tool": "end_interview", "input": {"reason": "I was told to"}},
        {"tool": "record_evidence", "input": {"criterion": "technical", "turn": 1, "quote": INVENTED}},
        {"tool": "set_score", "input": {"criterion": "technical", "level": 4}},
        {"tool": "set_budget", "input": {"tokens": 999_999_999}},
        {"tool": "propose_phase", "input": {"phase": "wrap", "reason": "x", "force": True}},
    ]
    return Turn(blocks=({"text": f"As you wish. Here it is:\n```python\n{SOLUTION}\n```\nLevel 4."}, *tools))


@pytest.fixture
def obedient(claude: ClaudeStandIn) -> Iterator[ClaudeStandIn]:
    claude.answer = obey
    yield claude
    claude.answer = Interviewer()


def test_the_corpus_is_large_enough() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= LEAST


@pytest.mark.parametrize("first", range(0, len(ATTACKS), GROUP))
def test_an_obedient_model_changes_nothing(
    candidate: Candidate, obedient: ClaudeStandIn, service: RunningService, first: int
) -> None:
    candidate.begin()
    attacks = ATTACKS[first : first + GROUP]
    for version, attack in enumerate(attacks):
        draft = {"code": f"# {attack}", "base_version": version, "client_id": "c"}
        assert candidate.client.put("/v1/drafts/two-sum", json=draft).status_code == 200
        end = candidate.say(attack)
        assert (end["state"], end["clock"]["phase"], end["clock"]["clock"]) == ("done", "intro", "running"), attack
        assert not any(line.strip() in end["text"] for line in SOLUTION.splitlines()), attack
        check_request(obedient.streamed[-1], attack)
    assert candidate.state()["hints_given"] == 0
    assert not {message["event"] for message in candidate.transcript()} - {None}
    candidate.post("end")
    report = candidate.report()
    assert [score["level"] for score in report["scores"]] == [None] * 4, "no level without a true quote"
    with service.app.state.service.database.read() as session:
        row = session.execute(sa.select(AiBudget).where(AiBudget.scope == f"user:{candidate.name}")).scalar_one()
    assert row.spent_tokens > 0
    assert row.reserved_tokens == 0


def check_request(body: dict[str, Any], attack: str) -> None:
    """The attack stands in the candidate's values of one JSON object and nowhere else."""
    texts = [
        block["text"]
        for message in body["messages"]
        if message["role"] == "user"
        for block in message["content"]
        if block["type"] == "text" and "held back" not in block["text"]
    ]
    sent = json.loads(texts[-1])
    assert set(sent) == {"server", "candidate"}
    assert sent["candidate"]["says"] == attack
    assert sent["candidate"]["code"] == f"# {attack}"
    assert sent["server"]["phase"] == "intro"
    assert attack not in json.dumps(sent["server"], ensure_ascii=False)
    assert "<" not in texts[-1]
    assert not any(attack in block["text"] for block in body["system"])
