"""A light HTTP client for measuring: a few kept-alive connections, no parsing beyond what is needed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes


@dataclass
class Connection:
    """One kept-alive connection."""

    port: int
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def request(self, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self._reader is not None
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found: dict[str, str] = {}
        cookies: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0].strip('"')
            else:
                found[name.lower()] = value
        body = await self._reader.readexactly(int(found.get("content-length", "0")))
        return Answer(int(head[0].split()[1]), found, cookies, body)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


@dataclass
class Load:
    """What a stretch of load found."""

    requests: int = 0
    seconds: float = 0.0
    wrong: int = 0
    bytes: int = 0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Target:
    """One request, asked again and again by several students."""

    port: int
    path: str
    tokens: tuple[str, ...] = ()


async def press(target: Target, *, seconds: float, connections: int = 8) -> Load:
    """Ask as fast as the connections allow."""
    load = Load()
    deadline = time.perf_counter() + seconds

    async def one(number: int) -> None:
        connection = Connection(target.port)
        count = number
        try:
            while time.perf_counter() < deadline:
                token = target.tokens[count % len(target.tokens)]
                answer = await connection.request(
                    "GET", target.path.format(token=token), {"Authorization": f"token {token}"}
                )
                load.requests += 1
                load.wrong += answer.status != 200
                load.bytes = len(answer.body)
                count += connections
        finally:
            connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(connections)))
    load.seconds = time.perf_counter() - begun
    return load


@dataclass
class SignIns:
    """What students who signed in met."""

    #: Seconds of every request to the service.
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
