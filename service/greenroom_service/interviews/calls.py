"""Calls: what is asked of Claude and what it used, as plain values. Importing this imports no SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that each part of a reply may take."""

    connect: float = 5.0
    #: From the request to the first content. Pings are no content.
    first: float = 25.0
    #: Between two pieces of content.
    gap: float = 15.0
    total: float = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call, by kind."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    def __add__(self, other: Usage) -> Usage:
        """The sum, kind by kind."""
        return Usage(
            input=self.input + other.input,
            output=self.output + other.output,
            cache_read=self.cache_read + other.cache_read,
            cache_write=self.cache_write + other.cache_write,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request."""

    model: str
    system: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Mapping[str, Any]] = ()
    max_tokens: int = 1200
    #: JSON schema of the answer, where the answer is data.
    schema: Mapping[str, Any] | None = None

    def arguments(self) -> dict[str, Any]:
        """What the SDK is called with, the same bytes for the same call."""
        output: dict[str, Any] = {"effort": "low"}
        if self.schema is not None:
            output["format"] = {"type": "json_schema", "schema": dict(self.schema)}
        sent: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": [dict(block) for block in self.system],
            "messages": [dict(message) for message in self.messages],
            "output_config": output,
        }
        if self.model.startswith("claude-sonnet-5-5"):
            sent["thinking"] = {"type": "between_tools"}
        if self.tools:
            sent["tools"] = [dict(tool) for tool in self.tools]
        return sent


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that the model called. ``input`` is None where what it wrote is no JSON object."""

    id: str
    name: str
    input: dict[str, Any] | None
