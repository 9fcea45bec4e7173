"""Reading what a box answers, strictly, and forming what is sent into it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from greenroom_grader.sandbox import codec
from greenroom_grader.sandbox.interface import Ending, Outcome, Raised, RemoteAnswer, RemoteCall
from greenroom_grader.sandbox.wire import Stopped


def read_outcome(answer: dict[str, object]) -> Outcome:
    """The outcome of an answer without its usage. Raises Stopped when it is not one."""
    try:
        if "x" in answer:
            raise Stopped(Ending.OUTPUT_LIMIT, "the answer is too large")
        if "s" in answer:
            return Outcome(ending=Ending.SYNTAX, raised=_raised(answer["s"]))
        if "e" in answer:
            return Outcome(ending=Ending.RAISED, raised=_raised(answer["e"]))
        arguments = answer.get("a", [])
        if "v" not in answer or not isinstance(arguments, list):
            raise Stopped(Ending.PROTOCOL, "an answer without a value")
        value = codec.decode(answer["v"])
        return Outcome(ending=Ending.RETURNED, value=value, arguments=tuple(map(codec.decode, arguments)))
    except codec.CodecError as error:
        raise Stopped(Ending.PROTOCOL, str(error)) from None


def _raised(form: object) -> Raised:
    if not isinstance(form, dict):
        raise Stopped(Ending.PROTOCOL, "a malformed exception")
    texts = [form.get(key) for key in ("t", "m", "b")]
    numbers = [form.get(key, 0) for key in ("l", "c")]
    if any(type(text) is not str for text in texts) or any(type(n) is not int or n < 0 for n in numbers):
        raise Stopped(Ending.PROTOCOL, "a malformed exception")
    type_name, message, trace = (codec.clean_text(str(text)) for text in texts)
    line, column = (min(int(number), 1 << 31) for number in numbers)
    return Raised(type_name=type_name, message=message, traceback=trace, line=line, column=column)


def read_remote_call(message: dict[str, object]) -> RemoteCall:
    """The call that a stub makes. Raises Stopped when it is not one."""
    name, arguments, keywords = (message.get(key) for key in ("r", "a", "k"))
    if not isinstance(name, str) or not isinstance(arguments, list) or not isinstance(keywords, dict):
        raise Stopped(Ending.PROTOCOL, "a malformed call")
    try:
        return RemoteCall(
            name=name,
            arguments=tuple(map(codec.decode, arguments)),
            keywords={str(key): codec.decode(value) for key, value in keywords.items()},
        )
    except codec.CodecError as error:
        raise Stopped(Ending.PROTOCOL, str(error)) from None


def form_remote_answer(given: RemoteAnswer) -> dict[str, object]:
    """What a stub is told. Raises CodecError for a value that may not cross."""
    form: dict[str, object] = {"a": form_arguments(given.arguments)}
    if given.raised is not None:
        return form | {"e": {"t": given.raised.type_name, "m": given.raised.message}}
    return form | {"v": codec.encode(given.value)}


def form_arguments(arguments: tuple[object, ...]) -> list[object]:
    """Typed JSON of positional arguments. Raises CodecError for one that may not cross."""
    return [codec.encode(argument) for argument in arguments]


def describe_death(status: int) -> str:
    """A wait status in words."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        with suppress(ValueError):
            return f"killed by {signal.Signals(number).name}"
        return f"killed by signal {number}"
    return f"the process ended with status {os.waitstatus_to_exitcode(status)}"
