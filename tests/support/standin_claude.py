"""A stand-in for Claude's Messages API. It speaks HTTP and server-sent events as the real one does, and fails as told.

It refuses what the real API refuses, so that a request which only a permissive fake would take is found here. By itself
it is a polite interviewer (`Interviewer`), to try the panel without a key; a test queues turns with ``script()``. As a
program: ``python standin_claude.py --port 18900``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import itertools
import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "rate_limit_error": 429,
    "api_error": 500,
    "overloaded_error": 529,
}
_ids = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer of the stand-in."""

    #: {"text": ...}, {"tool": name, "input": {...}} or {"tool": name, "raw": "..."}, {"thinking": ...}
    blocks: tuple[dict[str, Any], ...] = ()
    stop_reason: str = ""
    #: An error instead of an answer: a type of STATUS.
    error: str = ""
    error_code: str = ""
    retry_after: float | None = None
    #: Seconds before the first event, and between two of them.
    first_delay: float = 0.0
    delay: float = 0.0
    #: After so many events: an error event, a cut connection, a clean end, silence, pings for ever, or bytes as given.
    error_after: int = -1
    cut_after: int = -1
    end_after: int = -1
    stall_after: int = -1
    ping_after: int = -1
    raw_after: int = -1
    raw: bytes = b""
    #: Added to the index of every delta.
    index_shift: int = 0


def says(text: str, **more: Any) -> Turn:
    return Turn(blocks=({"text": text},), **more)


@dataclass
class Request:
    """A request as it arrived."""

    body: dict[str, Any]
    authorization: str


@dataclass
class ClaudeStandIn:
    """Answers on a loopback port while the block lasts."""

    port: int = 0
    #: What answers when nothing is scripted.
    #: The class stands below, so it is named late.
    answer: Callable[[dict[str, Any]], Turn] = field(default_factory=lambda: Interviewer())  # noqa: PLW0108
    requests: list[Request] = field(default_factory=list)
    #: Streams that the other side left before their end.
    left: int = 0

    def __post_init__(self) -> None:
        self._script: deque[Turn] = deque()
        self._data: deque[Turn] = deque()
        self._cache: dict[str, int] = {}

    def script(self, *turns: Turn) -> None:
        """Answers for the next streamed requests, in their order."""
        self._script.extend(turns)

    def script_data(self, *turns: Turn) -> None:
        """Answers for the next requests that want data."""
        self._data.extend(turns)

    def reset(self) -> None:
        """Forget scripts and requests."""
        self._script.clear()
        self._data.clear()
        self.requests.clear()
        self.left = 0

    @property
    def streamed(self) -> list[dict[str, Any]]:
        """Bodies of the requests for a streamed reply."""
        return [one.body for one in self.requests if one.body.get("stream")]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        assert started.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, started: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, limit=2**24)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left += 1
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return False
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
        }
        body = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))) or b"{}")
        self.requests.append(Request(body, headers.get("authorization", "")))
        if not headers.get("authorization", "").startswith("Bearer "):
            return await _whole(writer, 401, error_body("authentication_error"))
        why = refusal_of(body)
        if why:
            return await _whole(writer, 400, error_body("invalid_request_error", why))
        queue = self._script if body.get("stream") else self._data
        turn = queue.popleft() if queue else self.answer(body)
        if turn.error and turn.error_after < 0:
            more = {} if turn.retry_after is None else {"retry-after": f"{turn.retry_after:g}"}
            return await _whole(writer, STATUS[turn.error], error_body(turn.error, code=turn.error_code), more)
        usage = self._usage(body)
        if not body.get("stream"):
            await asyncio.sleep(turn.first_delay)
            return await _whole(writer, 200, message_of(turn, body, usage))
        return await self._stream(writer, turn, body, usage)

    async def _stream(
        self, writer: asyncio.StreamWriter, turn: Turn, body: dict[str, Any], usage: dict[str, Any]
    ) -> bool:
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
            b"request-id: req_standin\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        await writer.drain()
        await asyncio.sleep(turn.first_delay)
        for number, event in enumerate(events_of(turn, body, usage)):
            if number == turn.cut_after:
                writer.transport.abort()
                return False
            if number == turn.error_after:
                _chunk(writer, sse("error", {k: v for k, v in error_body(turn.error).items() if k != "type"}))
                break
            if number == turn.end_after:
                break
            if number == turn.raw_after:
                _chunk(writer, turn.raw)
            if number in {turn.stall_after, turn.ping_after}:
                await self._wait(writer, ping=number == turn.ping_after)
            _chunk(writer, event)
            await writer.drain()
            if turn.delay:
                await asyncio.sleep(turn.delay)
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _wait(self, writer: asyncio.StreamWriter, *, ping: bool) -> None:
        while not writer.transport.is_closing():
            if ping:
                _chunk(writer, sse("ping", {}))
            await asyncio.sleep(0.05)
        raise ConnectionResetError

    def _usage(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tokens as the prefix cache counts them: tools, system, messages; a mark ends a prefix that is remembered."""
        digest = hashlib.sha256(body["model"].encode())
        total, marks = 0, []
        for part in parts_of(body):
            clean = json.dumps({name: value for name, value in part.items() if name != "cache_control"}, sort_keys=True)
            digest.update(clean.encode())
            total += max(1, len(clean) // 4)
            if "cache_control" in part:
                marks.append((digest.hexdigest(), total))
        read = max((count for key, count in marks if key in self._cache), default=0)
        written = max(0, marks[-1][1] - read) if marks else 0
        self._cache.update(marks)
        return {
            "input_tokens": total - read - written,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "output_tokens": 1,
        }


def parts_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a request is made of, in the order in which the cache reads it."""
    yield from body.get("tools") or []
    system = body.get("system") or []
    yield from [{"type": "text", "text": system}] if isinstance(system, str) else system
    for message in body["messages"]:
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for block in blocks:
            yield {"role": message["role"], **block}


def error_body(kind: str, message: str = "the stand-in says no", code: str = "") -> dict[str, Any]:
    error: dict[str, Any] = {"type": kind, "message": message}
    if code:
        error["details"] = {"error_code": code}
    return {"type": "error", "error": error, "request_id": "req_standin"}


def sse(kind: str, data: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()


def events_of(turn: Turn, body: dict[str, Any], usage: dict[str, Any]) -> Iterator[bytes]:
    """The events of a streamed reply, in the API's order."""
    message = {**message_of(turn, body, usage), "content": [], "stop_reason": None, "usage": usage}
    yield sse("message_start", {"message": message})
    for index, block in enumerate(turn.blocks):
        start, deltas = _block_events(block)
        yield sse("content_block_start", {"index": index, "content_block": start})
        if index == 0:
            yield sse("ping", {})
        for delta in deltas:
            yield sse("content_block_delta", {"index": index + turn.index_shift, "delta": delta})
        yield sse("content_block_stop", {"index": index})
    delta = {"stop_reason": stop_reason_of(turn), "stop_sequence": None}
    yield sse("message_delta", {"delta": delta, "usage": {"output_tokens": output_of(turn)}})
    yield sse("message_stop", {})


def _block_events(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if "tool" in block:
        raw = block.get("raw", json.dumps(block.get("input", {})))
        start = {"type": "tool_use", "id": f"toolu_{next(_ids):06d}", "name": block["tool"], "input": {}}
        pieces = [raw[at : at + 11] for at in range(0, len(raw), 11)] or [""]
        return start, [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
    if "thinking" in block:
        deltas = [
            {"type": "thinking_delta", "thinking": block["thinking"]},
            {"type": "signature_delta", "signature": "c2ln"},
        ]
        return {"type": "thinking", "thinking": "", "signature": ""}, deltas
    words = re.findall(r"\S+\s*|\s+", block["text"])
    return {"type": "text", "text": ""}, [{"type": "text_delta", "text": word} for word in words]


def stop_reason_of(turn: Turn) -> str:
    return turn.stop_reason or ("tool_use" if any("tool" in block for block in turn.blocks) else "end_turn")


def output_of(turn: Turn) -> int:
    return max(1, len(json.dumps(turn.blocks)) // 4)


def message_of(turn: Turn, body: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    content = [{"type": "text", "text": block["text"]} for block in turn.blocks if "text" in block]
    return {
        "id": f"msg_standin{next(_ids):06d}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": stop_reason_of(turn),
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": output_of(turn)},
    }


async def _whole(
    writer: asyncio.StreamWriter, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
) -> bool:
    data = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} X",
        "content-type: application/json",
        f"content-length: {len(data)}",
        "request-id: req_standin",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
    await writer.drain()
    return True


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def refusal_of(body: dict[str, Any]) -> str:
    """Why the API would answer 400; empty when it would not."""
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            return f"{name}: Field required"
    for name in ("temperature", "top_p", "top_k"):
        if name in body:
            return f"{name}: Extra inputs are not permitted"
    messages = body["messages"]
    if not messages or messages[0]["role"] != "user":
        return 'messages: first message must use the "user" role'
    if messages[-1]["role"] == "assistant":
        return "This model does not support assistant message prefill."
    marks = json.dumps([body.get("tools"), body.get("system"), messages]).count('"cache_control"')
    if marks > 4:
        return f"A maximum of 4 blocks with cache_control may be provided. Found {marks}."
    return _refused_thinking(body) or _refused_blocks(messages)


def _refused_thinking(body: dict[str, Any]) -> str:
    if body["model"].startswith("claude-sonnet-5-5"):
        if (body.get("thinking") or {}).get("type") in {"disabled", "enabled"}:
            return "thinking.type is not supported on this model"
        if (body.get("tool_choice") or {}).get("type") in {"any", "tool"}:
            return "tool_choice: forced tool use is not supported on this model"
    return ""


def _refused_blocks(messages: list[dict[str, Any]]) -> str:
    waiting: set[str] = set()
    for number, message in enumerate(messages):
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if not blocks:
            return f"messages.{number}: content must not be empty"
        if any(block["type"] == "text" and not block["text"].strip() for block in blocks):
            return f"messages.{number}: text content blocks must contain non-whitespace text"
        answered = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if waiting != answered:
            return f"messages.{number}: tool_use and tool_result do not pair up"
        waiting = {block["id"] for block in blocks if block["type"] == "tool_use"}
    return "messages: a tool_use has no tool_result" if waiting else ""


class Interviewer:
    """What the stand-in says by itself: a question that fits the phase, and a wish to move on; for reports, levels
    with quotes that it finds in the transcript.
    """

    QUESTIONS = (
        "Thanks. What makes you confident in that?",
        "Which input would break it first?",
        "What does it cost in time and memory, and what would you trade?",
        "Say more about the part that you find hardest.",
    )

    def __call__(self, body: dict[str, Any]) -> Turn:
        if not body.get("stream"):
            return says(json.dumps(self._report(body)))
        turns = sum(message["role"] == "user" for message in body["messages"])
        text = self.QUESTIONS[turns % len(self.QUESTIONS)]
        following = re.findall(r'"next_phase": "(\w+)"', json.dumps(last_text(body)).replace('\\"', '"'))
        blocks: list[dict[str, Any]] = [{"text": text}]
        if following and following[-1] != "report":
            blocks.append({"tool": "propose_phase", "input": {"phase": following[-1], "reason": "this is covered"}})
        return Turn(blocks=tuple(blocks))

    def _report(self, body: dict[str, Any]) -> dict[str, Any]:
        asked = json.loads(last_text(body))
        said = [turn for turn in asked["transcript"] if turn["speaker"] == "candidate" and turn["text"].strip()]
        scores = []
        for criterion in asked["criteria"]:
            quotes = [{"turn": turn["turn"], "quote": turn["text"][:120]} for turn in said[:1]]
            level = "3" if quotes else "insufficient evidence"
            scores.append(
                {
                    "criterion": criterion["id"],
                    "level": level,
                    "because": "The quote shows it.",
                    "quotes": quotes,
                    "next_step": "Say the invariant aloud before you write the loop.",
                }
            )
        return {"scores": scores}


def last_text(body: dict[str, Any]) -> str:
    """The text of the last message."""
    content = body["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    return "\n".join(block.get("text", "") for block in content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=18900)
    parser.add_argument("--delay", type=float, default=0.04, help="seconds between two words")
    options = parser.parse_args()
    polite = Interviewer()

    def slowly(body: dict[str, Any]) -> Turn:
        turn = polite(body)
        return Turn(blocks=turn.blocks, delay=options.delay)

    with ClaudeStandIn(port=options.port, answer=slowly) as running:
        print(running.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
