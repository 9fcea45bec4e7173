"""Reports: every level quotes the candidate, facts come from the record, and the candidate may disagree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from handing_in import graded, submission
from hypothesis import given, settings
from hypothesis import strategies as st
from interviewing import running_with
from standin_claude import says

from greenroom_service.interviews import reports
from greenroom_service.interviews.reports import Quote, Sample, Score
from greenroom_service.interviews.subjects import CODING_CRITERIA

if TYPE_CHECKING:
    from pathlib import Path

    from interviewing import Candidate
    from standin_claude import ClaudeStandIn
    from standin_hub import HubStandIn

SAID = {1: "I would use a dict from price to position.", 2: "It costs O(n) time."}


def score(criterion: str, level: str, *quotes: tuple[int, str]) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "level": level,
        "because": "It shows.",
        "quotes": [{"turn": turn, "quote": quote} for turn, quote in quotes],
        "next_step": "Name the invariant.",
    }


def sample(*scores: dict[str, Any]) -> Sample:
    return Sample.model_validate({"scores": list(scores)})


GOOD = (1, "a dict from price to position")


@pytest.mark.parametrize(
    ("levels", "median", "low"),
    [
        (("3", "3", "3"), 3, False),
        (("2", "3", "3"), 3, False),
        (("1", "3", "4"), 3, True),
        (("2", "4"), 2, True),
        (("4",), 4, False),
        (("insufficient evidence", "3", "3"), 3, False),
        (("insufficient evidence",) * 3, None, False),
    ],
)
def test_the_median_counts_and_a_spread_lowers_confidence(
    levels: tuple[str, ...], median: int | None, low: bool
) -> None:
    samples = [sample(score("technical", level, GOOD)) for level in levels]
    judged = {one.criterion.id: one for one in reports.judge(CODING_CRITERIA, samples, SAID, hints=0)}
    assert (judged["technical"].level, judged["technical"].low_confidence) == (median, low)
    assert judged["testing"].level is None, "what no sample judged has no level"


@pytest.mark.parametrize(
    "quote",
    [
        (2, "a dict from price to position"),
        (1, "A dict from price to position"),
        (1, "a dict from price  to position"),
        (3, "It costs O(n) time."),
        (1, "   "),
    ],
)
def test_a_quote_that_was_not_said_word_by_word_voids_its_level(quote: tuple[int, str]) -> None:
    judged = reports.judge(CODING_CRITERIA, [sample(score("technical", "4", quote))], SAID, hints=0)
    assert all(one.level is None and one.quotes == () for one in judged)


@pytest.mark.parametrize(("hints", "level"), [(0, 4), (1, 3), (2, 2), (3, 1), (4, 1)])
def test_each_hint_lowers_the_level_that_problem_solving_can_reach(hints: int, level: int) -> None:
    samples = [sample(score("problem_solving", "4", GOOD), score("technical", "4", GOOD))]
    judged = {one.criterion.id: one.level for one in reports.judge(CODING_CRITERIA, samples, SAID, hints=hints)}
    assert (judged["problem_solving"], judged["technical"]) == (level, 4)


texts = st.text(max_size=30)
quotes = st.builds(
    Quote, turn=st.integers(0, 4), quote=st.one_of(st.sampled_from(list(SAID.values())), st.text(min_size=3))
)
scores = st.builds(
    Score,
    criterion=st.sampled_from(["communication", "problem_solving", "technical", "testing", "charm"]),
    level=st.sampled_from(["1", "2", "3", "4", "insufficient evidence"]),
    because=texts,
    quotes=st.lists(quotes, max_size=3),
    next_step=texts,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(samples=st.lists(st.builds(Sample, scores=st.lists(scores, max_size=6)), max_size=3), hints=st.integers(0, 4))
def test_whatever_the_samples_say_a_level_has_a_true_quote(samples: list[Sample], hints: int) -> None:
    judged = reports.judge(CODING_CRITERIA, samples, SAID, hints=hints)
    assert [one.criterion for one in judged] == list(CODING_CRITERIA)
    for one in judged:
        assert (one.level is None) == (one.quotes == ())
        assert all(quote.quote in SAID[quote.turn] for quote in one.quotes)
        assert one.level is None or 1 <= one.level <= (one.ceiling or 4)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"scores": [{"criterion": "technical"}]}', '{"scores": [], "hire": true}']
)
def test_a_sample_that_is_none_is_left_out(text: str) -> None:
    assert reports.parse(text) is None


def test_a_report_has_levels_quotes_and_the_facts_of_the_record(candidate: Candidate, claude: ClaudeStandIn) -> None:
    candidate.begin()
    candidate.say("I would use a dict from price to position.")
    graded(candidate.client, submission("# verdict: wrong_answer\n# growth"))
    candidate.post("hints")
    answers = [
        {
            "scores": [
                score("technical", level, GOOD),
                score("testing", "4", (1, "never said")),
                score("problem_solving", "4", GOOD),
            ]
        }
        for level in ("1", "3", "4")
    ]
    claude.script_data(*[says(json.dumps(answer)) for answer in answers])
    candidate.post("end")
    report = candidate.report()
    found = {one["criterion"]: one for one in report["scores"]}
    assert report["state"] == "ready"
    assert (found["technical"]["level"], found["technical"]["low_confidence"]) == (3, True)
    assert found["technical"]["quotes"] == [{"turn": 1, "quote": "a dict from price to position"}]
    assert (found["problem_solving"]["level"], found["problem_solving"]["ceiling"]) == (3, 3)
    assert found["testing"]["level"] is None
    facts = report["facts"]
    assert (facts["verdict"], facts["passed"], facts["total"], facts["hints"]) == ("wrong_answer", 0, 1, 1)
    assert set(facts["phases"]) == set(candidate.state()["clock"]["phases"])
    sent = [request.body for request in claude.requests if not request.body.get("stream")]
    assert len(sent) == 3
    assert all(body["output_config"]["format"]["type"] == "json_schema" for body in sent)


def test_a_report_exports_as_markdown_in_which_nothing_of_the_candidate_is_markup(
    candidate: Candidate, claude: ClaudeStandIn
) -> None:
    candidate.begin()
    candidate.say("# My <script>alert(1)</script> [idea](javascript:x)")
    quote = "# My <script>alert(1)</script> [idea](javascript:x)"
    claude.script_data(*[says(json.dumps({"scores": [score("technical", "2", (1, quote))]}))] * 3)
    candidate.post("end")
    candidate.report()
    answer = candidate.client.get(f"/v1/interviews/{candidate.interview}/report.md")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert "## Technical competence: level 2 of 4" in answer.text
    assert "<script>" not in answer.text.replace("\\<script\\>", "")
    assert "](javascript" not in answer.text.replace("\\](", "")


def test_a_candidate_can_disagree_and_say_why(candidate: Candidate) -> None:
    candidate.begin()
    candidate.say("I would use a dict.")
    assert candidate.post("report/objections", json={"criterion": "testing", "why": "I did test"}).status_code == 409
    candidate.post("end")
    candidate.report()
    said = candidate.post("report/objections", json={"criterion": "testing", "why": "I did test"}).json()
    assert [one["objection"] for one in said["scores"] if one["objection"]] == ["I did test"]
    assert candidate.post("report/objections", json={"criterion": "charm", "why": "I have it"}).status_code == 404
    text = candidate.client.get(f"/v1/interviews/{candidate.interview}/report.md").text
    assert "You disagree" in text


def test_a_trend_needs_three_interviews(candidate: Candidate) -> None:
    for number in range(3):
        assert candidate.client.get("/v1/interviews-trend").json()["items"] == []
        candidate.begin()
        candidate.say(f"I would use a dict, says interview {number}.")
        candidate.post("end")
        candidate.report()
    trend = candidate.client.get("/v1/interviews-trend").json()["items"]
    assert len(trend) == 3
    assert trend[0]["ended_at"] < trend[2]["ended_at"]
    assert trend[0]["levels"]["technical"] == 3


def test_without_a_key_a_script_asks_and_the_candidate_assesses(hub: HubStandIn, tmp_path: Path) -> None:
    from interviewing import Candidate

    with running_with(tmp_path, hub, None) as running, running.user("ada-of-the-script") as client:
        ada = Candidate(client, "ada-of-the-script")
        made = ada.begin()
        assert made["interviewer"] == "script"
        assert "not Claude" in made["label"]
        assert "not Claude" in ada.transcript()[0]["text"]
        questions = [ada.say("I think so.")["text"] for _ in range(4)]
        assert all(questions)
        ada.post("end")
        report = ada.report()
        assert report["state"] == "facts_only"
        assert [one["level"] for one in report["scores"]] == [None] * 4
        assert all(len(one["anchors"]) == 4 for one in report["scores"])
        own = {"levels": {"testing": 2, "technical": 3}}
        shown = client.put(f"/v1/interviews/{ada.interview}/assessment", json=own).json()
        levels = {one["criterion"]: one["own_level"] for one in shown["scores"] if one["own_level"]}
        assert levels == own["levels"]
