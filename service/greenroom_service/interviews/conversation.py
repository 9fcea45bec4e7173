"""Conversation: answers turns, each in a task of its own, so that a reader may leave and come back.

What is shown has passed the leak check, sentence by sentence. A reply that fails before anything was shown is tried
again; one that fails later is kept as far as it came, and the clock stands still from the turn's beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError

from greenroom_service.interviews import phases, prompts, scripted, transcript
from greenroom_service.interviews.budgets import ECONOMY_FROM, Purpose
from greenroom_service.interviews.calls import Call, ToolUse, Usage
from greenroom_service.interviews.desk import Closing, buffer_of, spoken
from greenroom_service.interviews.errors import SAYS, BudgetError, ClaudeFault, FaultKind
from greenroom_service.interviews.models import Interview, TurnState
from greenroom_service.interviews.phases import Kind
from greenroom_service.interviews.sentences import Sentences
from greenroom_service.interviews.tools import DEFINITIONS
from greenroom_service.logs import get_logger, where

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from greenroom_service.interviews.budgets import Budgets, Limit
    from greenroom_service.interviews.claude import Claude, Reply
    from greenroom_service.interviews.desk import Begun, Desk
    from greenroom_service.interviews.subjects import Subject
    from greenroom_service.interviews.transcript import Message

_log = get_logger("greenroom.interviews")
#: Requests for one reply that fails before anything was shown.
TRIES = 3
#: Seconds that one pause between two of them may last at most, whatever the API asks for.
LONGEST_WAIT = 4.0
#: Replies to tools within one turn.
ROUNDS = 3
#: Tokens of one reply.
MAX_TOKENS = 900
#: Seconds between two signs of life of a turn.
_RENEW = 5.0
#: Seconds for which a finished turn is kept for readers that come back.
_KEEP = 60.0


class Held(Exception):  # noqa: N818 - no error: a reply that must not be shown
    """A reply was held back by the leak check."""


@dataclass(slots=True)
class Live:
    """A turn that is being answered, and what was shown of it so far."""

    interview_id: uuid.UUID
    number: int
    phase: str
    pieces: list[str] = field(default_factory=list)
    done: bool = False
    stopping: bool = False
    saved: int = 0
    task: asyncio.Task[None] | None = None
    _readers: set[asyncio.Event] = field(default_factory=set)

    def say(self, piece: str) -> None:
        """Show a piece."""
        if piece:
            self.pieces.append(piece)
            self.wake()

    def wake(self) -> None:
        """Tell readers that there is something new."""
        for reader in self._readers:
            reader.set()

    @contextlib.contextmanager
    def reading(self) -> Any:
        """An event that is set whenever there is something new."""
        event = asyncio.Event()
        self._readers.add(event)
        try:
            yield event
        finally:
            self._readers.discard(event)

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self.pieces)


class House(Protocol):
    """What the conversation asks about money and rules of one interview."""

    def limits(self, user: str) -> Sequence[Limit]:
        """Budgets that a call of this person counts against."""
        ...

    def max_hints(self, user: str) -> int:
        """Most hints in one interview."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What is known of a turn when it is answered."""

    row: Interview
    subject: Subject
    messages: tuple[Message, ...]
    buffer: str


class Conversations:
    """Answers turns. All its async methods belong to one event loop.

    Args:
        desk: the transactions.
        budgets: the books.
        house: limits and rules.
        claude: None without a key.
        economy_model: answers when most of a budget is used up; empty for never.
        on_end: told when an interview may have ended.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        budgets: Budgets,
        house: House,
        claude: Claude | None,
        economy_model: str,
        on_end: Callable[[uuid.UUID], None],
    ) -> None:
        self._desk = desk
        self._budgets = budgets
        self._house = house
        self._claude = claude
        self._economy = economy_model
        self._on_end = on_end
        self._live: dict[tuple[uuid.UUID, int], Live] = {}

    def live(self, interview_id: uuid.UUID, number: int) -> Live | None:
        """A turn that this process answers, or answered a moment ago."""
        return self._live.get((interview_id, number))

    def answer(self, begun: Begun, phase: str) -> None:
        """Begin to answer a turn."""
        live = Live(begun.interview_id, begun.number, phase)
        self._live[begun.interview_id, begun.number] = live
        live.task = asyncio.create_task(self._answer(live), name="answer a turn")

    def stop(self, interview_id: uuid.UUID, number: int) -> None:
        """Stop a reply that this process gives; harmless for others."""
        live = self.live(interview_id, number)
        if live is not None and live.task is not None and not live.done:
            live.stopping = True
            live.task.cancel()

    async def close(self) -> None:
        """Stop all replies, each as a fault of ours."""
        tasks = [live.task for live in self._live.values() if live.task is not None and not live.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, live: Live) -> None:
        saver = asyncio.create_task(self._save(live))
        try:
            closing = await self._closing(live)
        finally:
            saver.cancel()
        await asyncio.shield(self._finish(live, saver, closing))

    async def _closing(self, live: Live) -> Closing:
        """How the turn ends; never raises."""
        try:
            rounds = await self._speak(live)
        except asyncio.CancelledError:
            if live.stopping:
                return Closing(state=TurnState.STOPPED, text=live.text, rounds=spoken(live.text))
            fault = "shutdown"
        except ClaudeFault as error:
            _log.warning("a reply failed", fault=error.kind.value, detail=error.detail)
            fault = error.kind.value
        except BudgetError:
            fault = "budget"
        except Exception as error:  # noqa: BLE001 - whatever it is, the turn must not stay open
            _log.error("a reply failed", fault="ours", error=type(error).__name__, where=where(error))
            fault = "ours"
        else:
            return Closing(state=TurnState.DONE, text=live.text, rounds=rounds)
        return Closing(state=TurnState.FAILED, text=live.text, rounds=spoken(live.text), fault=fault)

    async def _finish(self, live: Live, saver: asyncio.Task[None], closing: Closing) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await saver
        for pause in (0.1, 0.5, 2.0, 0.0):
            try:
                await _thread(self._store_rest, live, closing)
                break
            except SQLAlchemyError as error:
                # Left to the sweep when it stays so: the lease runs out, and the pieces that were stored are kept.
                _log.warning("a turn cannot be closed", error=type(error).__name__)
                await asyncio.sleep(pause)
        live.done = True
        live.wake()
        self._on_end(live.interview_id)
        key = (live.interview_id, live.number)
        asyncio.get_running_loop().call_later(_KEEP, self._live.pop, key, None)

    def _store_rest(self, live: Live, closing: Closing) -> None:
        self._store(live)
        self._desk.close_turn(live.interview_id, live.number, closing)

    def _store(self, live: Live) -> bool:
        pieces = live.pieces[live.saved :]
        going = self._desk.append(live.interview_id, live.number, live.phase, pieces)
        live.saved += len(pieces)
        return going

    async def _save(self, live: Live) -> None:
        """Store pieces as they come, and give a sign of life; hear of a stop that was asked of another process."""
        with live.reading() as news:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_RENEW):
                        await news.wait()
                news.clear()
                try:
                    going = await asyncio.shield(_thread(self._store, live))
                except SQLAlchemyError as error:
                    _log.warning("pieces cannot be stored yet", error=type(error).__name__)
                    continue
                if not going and live.task is not None:
                    live.stopping = True
                    live.task.cancel()
                    return

    async def _speak(self, live: Live) -> list[dict[str, Any]]:
        """Say something; returns what Claude is told of it from now on."""
        ask = await _thread(self._prepare, live)
        if self._claude is None or not ask.row.model:
            return await self._speak_by_script(live, ask)
        conversation = transcript.conversation(ask.messages)
        rounds: list[dict[str, Any]] = []
        for _ in range(ROUNDS):
            blocks, uses = await self._reply(live, ask, conversation)
            answers = await self._use(live, ask, uses)
            rounds.append({"blocks": blocks, "answers": answers})
            if live.pieces or not answers:
                break
            conversation += [{"role": "assistant", "content": blocks}, {"role": "user", "content": answers}]
        if not live.text.strip():
            line = scripted.question(ask.subject, live.phase, _asked(ask))
            live.say(line)
            if not rounds[-1]["answers"]:
                rounds.pop()
            rounds.append({"blocks": [{"type": "text", "text": line}], "answers": []})
        return rounds

    def _prepare(self, live: Live) -> _Ask:
        with self._desk.database.read() as session:
            row = session.get_one(Interview, live.interview_id)
            messages = tuple(self._desk.transcripts.read(session, live.interview_id))
            buffer = buffer_of(session, row)
        return _Ask(
            row=row, subject=self._desk.subject_of(Kind(row.kind), row.subject), messages=messages, buffer=buffer
        )

    async def _speak_by_script(self, live: Live, ask: _Ask) -> list[dict[str, Any]]:
        wish = scripted.wish(phases.from_json(ask.row.progress))
        uses = []
        if wish.propose:
            uses.append(ToolUse("script", "propose_phase", {"phase": wish.propose, "reason": "answered"}))
        if wish.end:
            uses.append(ToolUse("script", "end_interview", {"reason": "answered"}))
        outcomes = await _thread(self._decide, live, ask, uses, False)
        progress = outcomes[-1].table.progress
        if progress.ended:
            line = "Thank you. That was the last question; now assess yourself against the rubric."
        else:
            line = scripted.question(ask.subject, progress.phase, _asked(ask))
        live.say(line)
        return spoken(line)

    async def _use(self, live: Live, ask: _Ask, uses: Sequence[ToolUse]) -> list[dict[str, Any]]:
        """Let the server decide on tools; returns the answers for the next request."""
        if not uses:
            return []
        outcomes = await _thread(self._decide, live, ask, uses, False)
        for outcome in outcomes:
            if outcome.hint:
                step = outcome.table.hints
                live.say(f"\n\n**Hint {step} of {len(ask.subject.ladder)}.** {outcome.hint}\n")
        return [
            {"type": "tool_result", "tool_use_id": one.id, "content": outcome.answer, "is_error": outcome.error}
            for one, outcome in zip(uses, outcomes, strict=True)
        ]

    def _decide(self, live: Live, ask: _Ask, uses: Sequence[ToolUse], hinted: bool) -> Any:
        most = self._house.max_hints(ask.row.user_name)
        return self._desk.use_tools(live.interview_id, live.number, uses, max_hints=most, hinted=hinted)

    async def _reply(
        self, live: Live, ask: _Ask, conversation: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], list[ToolUse]]:
        """One reply of Claude, tried again as long as nothing of it was shown: (content blocks, tools)."""
        messages, again = conversation, False
        attempt = 0
        while True:
            attempt += 1
            begun = len(live.pieces)
            try:
                reply = await self._once(live, ask, messages)
            except Held:
                shown = "".join(live.pieces[begun:])
                if shown.strip() or again:
                    line = scripted.question(ask.subject, live.phase, _asked(ask))
                    live.say(line)
                    return spoken(shown + line)[0]["blocks"], []
                again = True
                last = conversation[-1]
                note = {"type": "text", "text": prompts.AGAIN}
                messages = [*conversation[:-1], {**last, "content": [*last["content"], note]}]
            except ClaudeFault as fault:
                wait = fault.retry_after if fault.retry_after is not None else 0.3 * 2**attempt * random.uniform(0.5, 1)  # noqa: S311 - jitter
                if not fault.transient or len(live.pieces) > begun or attempt >= TRIES or wait > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)
            else:
                return reply.blocks, reply.tools

    async def _once(self, live: Live, ask: _Ask, messages: list[dict[str, Any]]) -> Reply:
        """One request: reserved, read, checked, settled."""
        assert self._claude is not None  # noqa: S101 - _speak() looks
        limits = await _thread(self._house.limits, ask.row.user_name)
        call = Call(
            model=await self._model(ask, limits),
            system=prompts.system(ask.subject),
            messages=prompts.marked(messages),
            tools=DEFINITIONS,
            max_tokens=MAX_TOKENS,
        )
        purpose = Purpose(
            user=ask.row.user_name,
            interview_id=ask.row.id,
            purpose="turn",
            model=call.model,
            prompt_version=prompts.VERSION,
        )
        size = len(prompts.data([call.system, call.messages, call.tools])) // 3
        charge = await _thread(
            lambda: self._budgets.reserve(purpose, limits, input_tokens=size, output_tokens=MAX_TOKENS)
        )
        begun = len(live.pieces)
        reply: Reply | None = None
        fault = ""
        try:
            async with self._claude.reply(call) as reply:
                await self._show(live, ask, reply)
        except ClaudeFault as error:
            fault = error.kind.value
            raise
        except Held:
            fault = "held"
            raise
        except asyncio.CancelledError:
            fault = "stopped"
            raise
        finally:
            shown = sum(map(len, live.pieces[begun:]))
            usage = usage_of(reply, shown)
            await asyncio.shield(_thread(self._budgets.settle, charge, usage, fault))
        return reply

    async def _model(self, ask: _Ask, limits: Sequence[Limit]) -> str:
        if self._economy and await _thread(self._budgets.share_spent, limits) >= ECONOMY_FROM:
            return self._economy
        return ask.row.model

    async def _show(self, live: Live, ask: _Ask, reply: Reply) -> None:
        """Show what passes the leak check, sentence by sentence."""
        sentences = Sentences()
        shown: list[str] = []

        def show(piece: str) -> None:
            if ask.subject.guard.check("".join((*shown, piece)), ask.buffer) is not None:
                raise Held
            shown.append(piece)
            live.say(piece)

        async for text in reply.text():
            for piece in sentences.feed(text):
                show(piece)
        show(sentences.rest())


def _asked(ask: _Ask) -> list[str]:
    return [message.text for message in ask.messages]


def usage_of(reply: Reply | None, shown: int) -> Usage:
    """What a call has used, also when it was broken off: nothing before the API began to answer."""
    if reply is None or not reply.started:
        return Usage()
    return reply.usage if reply.usage.output > 1 else reply.usage + Usage(output=shown // 3)


def says(fault: str) -> str:
    """What the panel says of a turn that failed."""
    ours = {
        "budget": "The budget for Claude is used up. You can end the interview, or go on with a scripted one.",
        "lost": "Greenroom was restarted while the interviewer spoke.",
        "shutdown": "Greenroom was restarted while the interviewer spoke.",
        "ours": "This is a fault of ours.",
    }
    what = ours.get(fault) or SAYS[FaultKind(fault)]
    return f"{what} Your clock stands still; send your answer again, or an empty one to go on."


async def _thread(work: Callable[..., Any], *arguments: Any) -> Any:
    return await anyio.to_thread.run_sync(work, *arguments)
