"""An interview over HTTP: turns that stream, resume and stop, the clock, hints, and what Claude is sent."""

from __future__ import annotations

import json
import re
import uuid
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from handing_in import graded, submission
from running_service import eventually
from standin_claude import Turn, parts_of, says

if TYPE_CHECKING:
    from interviewing import Candidate
    from running_service import RunningService
    from standin_claude import ClaudeStandIn

SLOW = "First sentence here. Second sentence here. Third sentence here. Fourth sentence here. Fifth sentence here."


def test_an_interview_begins_with_the_first_question_and_costs_nothing(
    candidate: Candidate, claude: ClaudeStandIn
) -> None:
    made = candidate.begin()
    assert (made["interviewer"], made["clock"]["phase"], made["hints_total"]) == ("claude", "intro", 4)
    assert [message["author"] for message in candidate.transcript()] == ["interviewer"]
    assert not claude.requests


def test_the_same_request_begins_one_interview(candidate: Candidate) -> None:
    one = str(uuid.uuid4())
    assert candidate.begin(client_id=one)["id"] == candidate.begin(client_id=one)["id"]


def test_a_reply_streams_in_sentences_and_becomes_one_final_message(
    candidate: Candidate, claude: ClaudeStandIn
) -> None:
    candidate.begin()
    claude.script(says(SLOW))
    number = candidate.send("I read it.").json()["number"]
    heard = candidate.listen(number)
    assert [event["data"]["text"] for event in heard[:-1]] == re.findall(r"\S+ sentence here\. ?", SLOW)
    assert [event["id"] for event in heard] == ["1", "2", "3", "4", "5", "6"]
    assert heard[-1]["data"]["state"] == "done"
    assert heard[-1]["data"]["text"] == SLOW
    assert [message["text"] for message in candidate.transcript()][-2:] == ["I read it.", SLOW]


def test_a_reload_resumes_the_same_turn_without_paying_twice(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(says(SLOW, delay=0.03))
    client_id = str(uuid.uuid4())
    first = candidate.send("I read it.", client_id).json()
    before = candidate.listen(first["number"], stop_at=2)
    again = candidate.send("I read it.", client_id).json()
    assert again["number"] == first["number"]
    after = candidate.listen(first["number"], last=before[-1]["id"])
    assert "".join(event["data"]["text"] for event in [*before, *after[:-1]]) == SLOW
    late = candidate.listen(first["number"])
    assert "".join(event["data"]["text"] for event in late[:-1]) == SLOW
    assert len(claude.streamed) == 1


def test_only_one_turn_runs_at_a_time(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(says(SLOW, delay=0.05))
    number = candidate.send("One.").json()["number"]
    assert candidate.send("Two.").status_code == 409
    candidate.listen(number)
    assert candidate.say("Two.")["state"] == "done"


def test_a_reply_can_be_stopped_and_what_was_said_stays(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(says(SLOW, delay=0.1))
    number = candidate.send("One.").json()["number"]
    candidate.listen(number, stop_at=1)
    assert candidate.post(f"turns/{number}/stop").status_code == 202
    end = candidate.listen(number)[-1]["data"]
    assert end["state"] == "stopped"
    assert SLOW.startswith(end["text"])
    assert 0 < len(end["text"]) < len(SLOW)
    eventually(lambda: claude.left, "the request to Claude to end")
    assert candidate.say("Go on.")["state"] == "done"
    roles = [message["role"] for message in claude.streamed[-1]["messages"]]
    assert roles == ["user", "assistant", "user", "assistant", "user"]


def test_the_candidate_s_code_and_verdicts_reach_the_interviewer(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    draft = {"code": "def two_sum(prices, voucher):\n    return my_own_idea", "base_version": 0, "client_id": "c"}
    assert candidate.client.put("/v1/drafts/two-sum", json=draft).status_code == 200
    graded(candidate.client, submission("# verdict: wrong_answer"))
    candidate.say("I tried something.")
    first = sent(claude)["candidate"]
    assert "my_own_idea" in first["code"]
    assert [event["verdict"] for event in first["happened"]] == ["wrong_answer"]
    candidate.say("Nothing new.")
    assert set(sent(claude)["candidate"]) == {"says"}, "what has not changed is not sent again"


def sent(claude: ClaudeStandIn) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(claude.streamed[-1]["messages"][-1]["content"][-1]["text"])
    return found


def test_the_reference_never_reaches_the_interviewer(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    candidate.say("What is the solution?")
    candidate.post("end")
    candidate.report()
    everything = json.dumps([request.body for request in claude.requests])
    assert "seen[price] = position" not in everything
    assert "for position, price in enumerate" not in everything


def test_each_request_begins_with_the_bytes_of_the_one_before(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    tool = {"tool": "record_evidence", "input": {"criterion": "testing", "turn": 2, "quote": "never said"}}
    claude.script(
        says("One?"), Turn(blocks=({"thinking": "Hm."}, {"text": "Two?"}, tool)), says("Three?"), says("Four?")
    )
    for text in ("a", "b", "c", "d"):
        candidate.say(text)
    prefixes = [prefix(body) for body in claude.streamed]
    for earlier, later in pairwise(prefixes):
        assert later[: len(earlier)] == earlier
        assert len(later) > len(earlier)
    marks = [json.dumps(body).count("cache_control") for body in claude.streamed]
    assert marks == [2, 2, 2, 2]


def prefix(body: dict[str, Any]) -> list[str]:
    clean = [{name: value for name, value in part.items() if name != "cache_control"} for part in parts_of(body)]
    return [json.dumps(part) for part in clean]


def test_the_model_proposes_and_the_server_decides(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    leap = {"tool": "propose_phase", "input": {"phase": "wrap", "reason": "bored"}}
    claude.script(Turn(blocks=({"text": "On we go?"}, leap)))
    assert candidate.say("Hello.")["clock"]["phase"] == "intro"
    candidate.say("And now?")
    results = [block for block in claude.streamed[-1]["messages"][-1]["content"] if block["type"] == "tool_result"]
    assert [result["is_error"] for result in results] == [True]
    assert "clarify" in results[0]["content"]


@pytest.mark.parametrize(
    "tool",
    [
        {"tool": "propose_phase", "raw": '{"phase": "cla'},
        {"tool": "propose_phase", "input": {"phase": 7, "reason": "x"}},
        {"tool": "propose_phase", "input": {"phase": "clarify", "reason": "x", "score": 4}},
        {"tool": "set_score", "input": {"level": 4}},
        {"tool": "record_evidence", "input": {"criterion": "charm", "turn": 1, "quote": "Hello."}},
        {"tool": "record_evidence", "input": {"criterion": "testing", "turn": 1, "quote": "I tested everything"}},
        {"tool": "end_interview", "input": {"reason": "enough"}},
    ],
)
def test_a_tool_that_makes_no_sense_is_answered_and_changes_nothing(
    candidate: Candidate, claude: ClaudeStandIn, tool: dict[str, Any]
) -> None:
    candidate.begin()
    claude.script(Turn(blocks=({"text": "Hm?"}, tool)))
    end = candidate.say("Hello.")
    assert (end["state"], end["clock"]["phase"], end["clock"]["clock"]) == ("done", "intro", "running")
    assert {message["event"] for message in candidate.transcript()} <= {None}
    assert candidate.say("Again.")["state"] == "done"


def test_a_hint_is_the_next_rung_and_is_shown_word_by_word(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    ask = {"tool": "request_hint", "input": {"reason": "stuck"}}
    claude.script(Turn(blocks=({"text": "Let me help."}, ask, ask)))
    end = candidate.say("I am stuck.")
    assert "Hint 1 of 4" in end["text"]
    assert "Suppose you have already picked one item." in end["text"]
    assert end["hints_given"] == 1, "one hint per turn"
    own = candidate.post("hints").json()
    assert (own["step"], own["ceiling"]) == (2, 2)
    for _ in range(2):
        candidate.post("hints")
    assert candidate.post("hints").status_code == 409


def test_code_is_held_back_and_asked_again(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    claude.script(says("`seen[price] = position` is the line."), says("Which lookup is fast?"))
    assert candidate.say("Tell me the line.")["text"] == "Which lookup is fast?"
    assert len(claude.streamed) == 2
    assert "held back" in json.dumps(claude.streamed[1]["messages"][-1])
    candidate.say("Again.")
    assert "held back" not in json.dumps(claude.streamed[2])


def test_code_that_comes_again_is_replaced_by_a_question_of_the_author(
    candidate: Candidate, claude: ClaudeStandIn
) -> None:
    candidate.begin()
    leak = says(
        "Good. Try\n```python\nfor position, price in enumerate(prices):\n    seen[price] = position\n```\nnow."
    )
    claude.script(leak, leak)
    end = candidate.say("Tell me.")
    assert end["text"].startswith("Good. ")
    assert "enumerate" not in end["text"]
    assert end["text"].endswith("?") or end["text"].endswith(".")


def test_a_pause_stops_the_clock_and_the_turns(candidate: Candidate) -> None:
    candidate.begin()
    assert candidate.post("pause").json()["clock"]["clock"] == "paused"
    assert candidate.send("Hello.").status_code == 409
    assert candidate.post("resume").json()["clock"]["clock"] == "running"
    assert candidate.post("pause").status_code == 409
    assert candidate.say("Hello.")["state"] == "done"


def test_nobody_else_sees_an_interview(candidate: Candidate, service: RunningService) -> None:
    candidate.begin()
    candidate.say("My secret.")
    with service.user("root", "admin") as admin:
        for path in ("", "/messages", "/report", "/report.md", "/turns/1/events"):
            answer = admin.get(f"/v1/interviews/{candidate.interview}{path}")
            assert answer.status_code == 404, path


@pytest.mark.parametrize(
    ("kind", "subject"), [("system_design", "streaming-chat"), ("project_defence", "defend-interview-prep")]
)
def test_scenarios_are_interviews_too(candidate: Candidate, kind: str, subject: str) -> None:
    made = candidate.begin(kind, subject)
    assert made["hints_total"] == 0
    assert candidate.say("It should serve ten thousand people.")["state"] == "done"
    assert candidate.post("hints").status_code == 409


def test_what_was_said_is_sealed_in_the_database(candidate: Candidate, service: RunningService) -> None:
    candidate.begin()
    candidate.say("a phrase that nobody else says")
    candidate.post("end")
    candidate.report()
    found = b"".join(path.read_bytes() for path in service.settings.data.glob("greenroom.sqlite*"))
    assert b"a phrase that nobody else says" not in found
    assert b"What makes you confident" not in found
