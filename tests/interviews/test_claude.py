"""The client of Claude against the stand-in, through the real SDK: every way to fail has a name."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from standin_claude import ClaudeStandIn, Turn, says

from greenroom_service.errors import SettingsError
from greenroom_service.interviews.calls import Call, Patience
from greenroom_service.interviews.claude import Claude, Reply, read_key
from greenroom_service.interviews.errors import ClaudeFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk-canary-0123456789"
LONG = "These are many words of a long reply. " * 6
QUICK = Patience(connect=5.0, first=2.0, gap=1.0, total=20.0)
ASKED = Call(
    model="claude-sonnet-5-5",
    system=[{"type": "text", "text": "You interview."}],
    messages=[{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
)


@pytest.fixture(scope="module")
def standin() -> Iterator[ClaudeStandIn]:
    with ClaudeStandIn() as running:
        yield running


@dataclass
class Heard:
    text: str
    reply: Reply
    fault: ClaudeFault | None


def hear(standin: ClaudeStandIn, turn: Turn, patience: Patience = QUICK, stop_at: int = 10**9) -> Heard:
    """The reply to a scripted turn, and the fault that it ended with."""

    async def listen() -> Heard:
        claude = Claude(KEY, standin.url, patience)
        pieces: list[str] = []
        reply = Reply(patience)
        try:
            async with claude.reply(ASKED) as reply:
                async for piece in reply.text():
                    pieces.append(piece)
                    if len(pieces) == stop_at:
                        break
        except ClaudeFault as fault:
            return Heard("".join(pieces), reply, fault)
        finally:
            await claude.close()
        return Heard("".join(pieces), reply, None)

    standin.reset()
    standin.script(turn)
    return asyncio.run(listen())


def test_a_reply_comes_with_its_text_tools_and_usage(standin: ClaudeStandIn) -> None:
    blocks = ({"thinking": "Hm."}, {"text": "What is n?"}, {"tool": "propose_phase", "input": {"phase": "code"}})
    heard = hear(standin, Turn(blocks=blocks))
    assert heard.fault is None
    assert heard.text == "What is n?"
    assert [(tool.name, tool.input) for tool in heard.reply.tools] == [("propose_phase", {"phase": "code"})]
    assert heard.reply.usage.input > 0
    assert heard.reply.usage.output > 1
    assert [block["type"] for block in heard.reply.blocks] == ["thinking", "text", "tool_use"]


STREAM_FAULTS = [
    (Turn(error="rate_limit_error", retry_after=7), FaultKind.RATE_LIMITED),
    (Turn(error="rate_limit_error"), FaultKind.RATE_LIMITED),
    (Turn(error="overloaded_error"), FaultKind.OVERLOADED),
    (Turn(error="api_error"), FaultKind.SERVER),
    (Turn(error="rate_limit_error", error_code="enforced_spend_limit_reached"), FaultKind.SPEND_LIMIT),
    (Turn(error="billing_error"), FaultKind.SPEND_LIMIT),
    (Turn(error="authentication_error"), FaultKind.KEY),
    (Turn(error="permission_error"), FaultKind.KEY),
    (Turn(error="invalid_request_error"), FaultKind.REQUEST),
    (Turn(stop_reason="refusal"), FaultKind.REFUSED),
    (says(LONG, stop_reason="max_tokens"), FaultKind.TOO_LONG),
    (says(LONG, error="overloaded_error", error_after=6), FaultKind.OVERLOADED),
    (says(LONG, cut_after=6), FaultKind.CONNECTION),
    (says(LONG, end_after=6), FaultKind.BROKEN),
    (says(LONG, stall_after=6), FaultKind.STALLED),
    (says(LONG, first_delay=3.0), FaultKind.STALLED),
    (says(LONG, ping_after=1), FaultKind.STALLED),
    (says(LONG, raw_after=5, raw=b"event: content_block_delta\ndata: {not json\n\n"), FaultKind.BROKEN),
    (
        says(LONG, raw_after=5, raw=b'event: content_block_delta\ndata: {"type": "content_block_delta"}\n\n'),
        FaultKind.BROKEN,
    ),
    (says(LONG, index_shift=1), FaultKind.BROKEN),
    (says("word " * 400_000), FaultKind.TOO_LONG),
]


@pytest.mark.parametrize(
    ("turn", "kind"), STREAM_FAULTS, ids=lambda value: value.value if isinstance(value, FaultKind) else ""
)
def test_every_way_to_fail_has_a_name(standin: ClaudeStandIn, turn: Turn, kind: FaultKind) -> None:
    heard = hear(standin, turn)
    assert heard.fault is not None
    assert heard.fault.kind is kind
    assert heard.fault.retry_after == turn.retry_after
    assert KEY not in repr(heard.fault) + heard.fault.detail
    assert len(standin.requests) == 1, "the SDK must not try again by itself"


def test_what_came_before_a_fault_is_kept_and_was_paid_for(standin: ClaudeStandIn) -> None:
    heard = hear(standin, says(LONG, cut_after=8))
    assert heard.text
    assert LONG.startswith(heard.text)
    assert heard.reply.started
    assert heard.reply.usage.input > 0


def test_a_slow_reply_is_no_fault(standin: ClaudeStandIn) -> None:
    assert hear(standin, says("one two three four five", delay=0.25)).text == "one two three four five"


def test_tool_input_that_is_no_json_is_marked_as_such(standin: ClaudeStandIn) -> None:
    for raw in ('{"phase": "co', '{"phase": 1]', "[1]", '"text"'):
        heard = hear(standin, Turn(blocks=({"tool": "propose_phase", "raw": raw},)))
        assert heard.fault is None
        assert heard.reply.tools[0].input is None


def test_leaving_the_reply_ends_the_request(standin: ClaudeStandIn) -> None:
    heard = hear(standin, says("word " * 200, delay=0.02), stop_at=3)
    assert heard.text == "word word word "
    for _ in range(200):
        if standin.left:
            break
        asyncio.run(asyncio.sleep(0.02))
    assert standin.left == 1


def test_nobody_at_the_address_is_a_lost_connection() -> None:
    with ClaudeStandIn() as gone:
        pass
    heard = hear(gone, says("never"))
    assert heard.fault is not None
    assert heard.fault.kind is FaultKind.CONNECTION


def test_the_environment_decides_nothing(standin: ClaudeStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    assert hear(standin, says("Hello.")).text == "Hello."
    assert standin.requests[0].authorization == f"Bearer {KEY}"
    assert not [name for name in os.environ if name.startswith("ANTHROPIC_")]


def test_a_key_is_read_from_a_file_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    path.chmod(0o400)
    assert read_key(path) == KEY


@pytest.mark.parametrize(
    ("content", "mode"), [(KEY, 0o440), (KEY, 0o404), ("", 0o400), (f"{KEY} {KEY}", 0o400), ("x" * 600, 0o400)]
)
def test_a_key_file_that_cannot_be_right_is_refused_without_quoting_it(tmp_path: Path, content: str, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(SettingsError) as refused:
        read_key(path)
    assert KEY not in str(refused.value)


def test_a_key_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_key(tmp_path / "none")
