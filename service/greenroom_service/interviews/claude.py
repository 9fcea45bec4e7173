"""Claude: calls of the Messages API through the ``anthropic`` SDK, with every way to fail as one ClaudeFault.

The SDK's own retries are off: they obey ``retry-after`` without a cap, and a candidate waits. What the SDK lets pass is
checked here: a stream that ends without ``message_stop``, an index that is not the open block's, tool input that is no
JSON, pings without content. See FaultKind for what is told apart.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2

from greenroom_service.errors import SettingsError
from greenroom_service.interviews.calls import Call, Patience, ToolUse, Usage
from greenroom_service.interviews.errors import ClaudeFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from anthropic import AsyncStream

#: Characters of one reply, all blocks together, after which it is cut.
LONGEST_REPLY = 40_000
_MAX_KEY = 512


def read_key(path: Path) -> str:
    """The key in a file that only its owner can read.

    Raises:
        SettingsError: the file cannot be read, is open to others, or holds no key. Never says what it holds.
    """
    advice = "name a file that only the service can read (chmod 400) and that holds the key alone"
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_MAX_KEY + 2)
    except OSError as error:
        raise SettingsError(f"GREENROOM_CLAUDE_KEY_FILE cannot be read ({error.strerror}); {advice}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"GREENROOM_CLAUDE_KEY_FILE is open to others; {advice}")
    key = data.decode("ascii", "replace").strip()
    if not key or len(key) > _MAX_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(f"GREENROOM_CLAUDE_KEY_FILE holds no key; {advice}")
    return key


def scrub_environment() -> None:
    """Forget every ANTHROPIC_* variable: nothing but our own settings may say where requests go and with which key."""
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        del os.environ[name]


class Claude:
    """A client of the Messages API. Made once per process, used by one event loop.

    Args:
        key: sent to ``base_url`` and kept nowhere else.
        base_url: of the API.
        patience: how long anything may take.
    """

    def __init__(self, key: str, base_url: str, patience: Patience | None = None) -> None:
        scrub_environment()
        self.patience = patience or Patience()
        timeout = httpx2.Timeout(self.patience.total, connect=self.patience.connect, pool=self.patience.first)
        limits = httpx2.Limits(max_connections=200, max_keepalive_connections=64)
        self._client = anthropic.AsyncAnthropic(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            timeout=timeout,
            http_client=anthropic.DefaultAsyncHttpxClient(timeout=timeout, limits=limits, trust_env=False),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @contextlib.asynccontextmanager
    async def reply(self, call: Call) -> AsyncIterator[Reply]:
        """A reply as it comes. Leaving the block ends the request.

        Raises:
            ClaudeFault: here, or while the reply is read.
        """
        reply = Reply(self.patience)
        try:
            with _as_faults():
                async with asyncio.timeout(self.patience.first):
                    stream = await self._client.messages.create(**call.arguments(), stream=True)
            reply.attach(stream)
            yield reply
        finally:
            await reply.close()

    async def data(self, call: Call) -> tuple[str, Usage]:
        """The whole text of an answer that is data.

        Raises:
            ClaudeFault: no complete answer.
        """
        with _as_faults():
            async with asyncio.timeout(self.patience.total):
                message = await self._client.messages.create(**call.arguments())
            usage = usage_of(message.usage)
            if message.stop_reason == "refusal":
                raise ClaudeFault(FaultKind.REFUSED)
            if message.stop_reason == "max_tokens":
                raise ClaudeFault(FaultKind.TOO_LONG)
            text = "".join(block.text for block in message.content if block.type == "text")
        return text, usage


class Reply:
    """One streamed reply: read ``text()``, then look at the rest.

    Attributes:
        usage: what the API has said so far; true also after a fault.
        tools: the tools that were called, complete after ``text()``.
        blocks: the content as the next request has to repeat it.
        started: whether the API began to answer, and so charges.
    """

    def __init__(self, patience: Patience) -> None:
        self.usage = Usage()
        self.tools: list[ToolUse] = []
        self.blocks: list[dict[str, Any]] = []
        self.started = False
        self._patience = patience
        self._stream: AsyncStream[Any] | None = None
        self._open: _Block | None = None
        self._seen = 0
        self._length = 0
        self._stop_reason: str | None = None
        self._complete = False

    def attach(self, stream: AsyncStream[Any]) -> None:
        """Give it what it reads from."""
        self._stream = stream

    async def close(self) -> None:
        """End the request; harmless when it has ended."""
        if self._stream is not None:
            with contextlib.suppress(Exception):  # a connection that is broken already
                await self._stream.close()

    async def text(self) -> AsyncIterator[str]:
        """The pieces of text, as they come.

        Raises:
            ClaudeFault: the reply is not complete, or not a reply.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.total
        deadline = min(end, loop.time() + self._patience.first)
        assert self._stream is not None  # noqa: S101 - Claude.reply() attaches before it hands out
        events = aiter(self._stream)
        while True:
            with _as_faults():
                try:
                    async with asyncio.timeout_at(deadline):
                        event = await anext(events)
                except StopAsyncIteration:
                    break
                piece, content = self._take(event)
            if content:
                deadline = min(end, loop.time() + self._patience.gap)
            if piece:
                yield piece
        self._check_end()

    def _take(self, event: Any) -> tuple[str, bool]:
        """Take one event; returns its text, and whether it was content."""
        kind = event.type
        if kind == "message_start":
            self.started = True
            self.usage = usage_of(event.message.usage)
        elif kind == "content_block_start":
            self._begin_block(event)
            return "", True
        elif kind == "content_block_delta":
            return self._take_delta(event), True
        elif kind == "content_block_stop":
            self._end_block(event)
            return "", True
        elif kind == "message_delta":
            self._stop_reason = event.delta.stop_reason
            self.usage = replace(self.usage, output=int(event.usage.output_tokens))
            return "", True
        elif kind == "message_stop":
            self._complete = True
        return "", False

    def _begin_block(self, event: Any) -> None:
        if self._open is not None or event.index != self._seen or not self.started:
            raise ClaudeFault(FaultKind.BROKEN, detail="a block begins out of turn")
        block = event.content_block
        self._seen += 1
        self._open = _Block(event.index, block.type)
        if block.type == "tool_use":
            self._open.fields = {"id": str(block.id), "name": str(block.name)}
        elif block.type == "redacted_thinking":
            self._open.fields = {"data": str(block.data)}

    def _take_delta(self, event: Any) -> str:
        block = self._open
        if block is None or event.index != block.index:
            raise ClaudeFault(FaultKind.BROKEN, detail="a piece of no open block")
        delta = event.delta
        piece = ""
        if delta.type == "text_delta" and block.type == "text":
            piece = str(delta.text)
            block.text.append(piece)
        elif delta.type == "input_json_delta" and block.type == "tool_use":
            block.text.append(str(delta.partial_json))
        elif delta.type == "thinking_delta":
            block.text.append(str(delta.thinking))
        elif delta.type == "signature_delta":
            block.fields["signature"] = str(delta.signature)
        self._length += len(block.text[-1]) if block.text else 0
        if self._length > LONGEST_REPLY:
            raise ClaudeFault(FaultKind.TOO_LONG, detail="more characters than a reply may have")
        return piece

    def _end_block(self, event: Any) -> None:
        block = self._open
        if block is None or event.index != block.index:
            raise ClaudeFault(FaultKind.BROKEN, detail="a block ends that is not open")
        self._open = None
        text = "".join(block.text)
        if block.type == "text" and text.strip():
            self.blocks.append({"type": "text", "text": text})
        elif block.type == "tool_use":
            use = ToolUse(block.fields["id"], block.fields["name"], _object(text))
            self.tools.append(use)
            self.blocks.append({"type": "tool_use", "id": use.id, "name": use.name, "input": use.input or {}})
        elif block.type == "thinking":
            signature = block.fields.get("signature", "")
            self.blocks.append({"type": "thinking", "thinking": text, "signature": signature})
        elif block.type == "redacted_thinking":
            self.blocks.append({"type": "redacted_thinking", **block.fields})

    def _check_end(self) -> None:
        if not self._complete or self._open is not None:
            raise ClaudeFault(FaultKind.BROKEN, detail="the stream ended without message_stop")
        if self._stop_reason == "refusal":
            raise ClaudeFault(FaultKind.REFUSED)
        if self._stop_reason == "max_tokens":
            raise ClaudeFault(FaultKind.TOO_LONG, detail="max_tokens")


@dataclass(slots=True)
class _Block:
    """A block that is being received."""

    index: int
    type: str
    text: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def usage_of(usage: Any) -> Usage:
    """The SDK's usage as ours."""
    return Usage(
        input=int(usage.input_tokens or 0),
        output=int(usage.output_tokens or 0),
        cache_read=int(usage.cache_read_input_tokens or 0),
        cache_write=int(usage.cache_creation_input_tokens or 0),
    )


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


@contextlib.contextmanager
def _as_faults() -> Any:
    """Turn whatever the SDK raises into a ClaudeFault; texts of errors may quote what was sent, so none is kept."""
    try:
        yield
    except (ClaudeFault, StopAsyncIteration):
        raise
    except anthropic.APIStatusError as error:
        raise _of_status(error) from None
    except (TimeoutError, httpx2.TimeoutException, anthropic.APITimeoutError) as error:
        raise ClaudeFault(FaultKind.STALLED, detail=type(error).__name__) from None
    except (httpx2.HTTPError, anthropic.APIConnectionError, OSError) as error:
        raise ClaudeFault(FaultKind.CONNECTION, detail=type(error).__name__) from None
    except (anthropic.AnthropicError, AttributeError, TypeError, ValueError, LookupError) as error:
        # The SDK builds events without validating them: what does not look like one shows up as any of these.
        raise ClaudeFault(FaultKind.BROKEN, detail=type(error).__name__) from None


_SPEND = frozenset({"enforced_spend_limit_reached", "contract_spend_limit_reached"})
_BY_TYPE = {
    "authentication_error": FaultKind.KEY,
    "permission_error": FaultKind.KEY,
    "not_found_error": FaultKind.KEY,
    "billing_error": FaultKind.SPEND_LIMIT,
    "rate_limit_error": FaultKind.RATE_LIMITED,
    "overloaded_error": FaultKind.OVERLOADED,
    "invalid_request_error": FaultKind.REQUEST,
    "request_too_large": FaultKind.REQUEST,
}
_BY_STATUS = {
    401: FaultKind.KEY,
    402: FaultKind.SPEND_LIMIT,
    403: FaultKind.KEY,
    404: FaultKind.KEY,
    429: FaultKind.RATE_LIMITED,
    529: FaultKind.OVERLOADED,
}


def _of_status(error: anthropic.APIStatusError) -> ClaudeFault:
    # An error in mid-stream comes with status 200, so what the body says goes first.
    status = error.status_code
    default = FaultKind.REQUEST if 400 <= status < 500 else FaultKind.SERVER
    kind = _BY_TYPE.get(str(error.type)) or _BY_STATUS.get(status, default)
    if error.error_code in _SPEND:
        kind = FaultKind.SPEND_LIMIT
    return ClaudeFault(kind, retry_after=_seconds(error.response.headers.get("retry-after")), detail=f"HTTP {status}")


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None
