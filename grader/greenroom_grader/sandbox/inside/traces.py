"""What an exception looks like outside: type, message and a traceback cut to the student's own frames."""

from __future__ import annotations

from typing import Any

from greenroom_grader.sandbox.inside.values import safe_text, short_name

MESSAGE_LIMIT = 2_000
_FRAMES = 20
_LINE = 200
_CHAIN = 3

_get_traceback: Any = BaseException.__dict__["__traceback__"].__get__
_get_cause: Any = BaseException.__dict__["__cause__"].__get__
_get_context: Any = BaseException.__dict__["__context__"].__get__
_get_suppress: Any = BaseException.__dict__["__suppress_context__"].__get__


class Sources:
    """Lines of what ran here, by file name."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def add(self, filename: str, source: str) -> None:
        """Remember a source; its frames belong to the student from now on."""
        self._lines[filename] = source.split("\n")

    def __contains__(self, filename: object) -> bool:
        return filename in self._lines

    def line(self, filename: str, number: int) -> str:
        """One line, stripped and cut; empty where there is none."""
        lines = self._lines.get(filename, [])
        return lines[number - 1].strip()[:_LINE] if 0 < number <= len(lines) else ""


def describe(error: BaseException, sources: Sources, *, shown: dict[str, str]) -> dict[str, Any]:
    """The exception as plain data: t(ype), m(essage), b(acktrace).

    ``shown`` maps file names to the ones that a reader knows. Nothing that the exception's class does can stop this.
    """
    return {"t": short_name(type(error)), "m": _message(error), "b": _chain(error, sources, shown)}


def describe_syntax(error: SyntaxError, filename: str, source: str) -> dict[str, Any]:
    """A source that does not compile: t, m, b, and 1-based l(ine) and c(olumn), 0 where unknown."""
    line = error.lineno if type(error.lineno) is int else 0
    column = error.offset if type(error.offset) is int else 0
    message = safe_text(str(error.msg), MESSAGE_LIMIT)
    lines = source.split("\n")
    text = lines[line - 1].rstrip()[:_LINE] if 0 < line <= len(lines) else ""
    trace = f'  File "{filename}", line {line}\n'
    if text:
        pad = " " * max(0, min(column - 1, _LINE))
        trace += f"    {text}\n    {pad}^\n"
    name = type(error).__name__
    trace = safe_text(f"{trace}{name}: {message}", 4 * MESSAGE_LIMIT)
    return {"t": name, "m": message, "b": trace, "l": max(line, 0), "c": max(column, 0)}


def _message(error: BaseException) -> str:
    try:
        text = str(error)
        return safe_text(text, MESSAGE_LIMIT) if type(text) is str else ""
    except BaseException:  # noqa: BLE001 - a student's __str__ may raise anything
        return "<no message: its __str__ fails>"


def _chain(error: BaseException, sources: Sources, shown: dict[str, str]) -> str:
    parts = [_one(error, sources, shown)]
    seen = {id(error)}
    current = error
    for _ in range(_CHAIN):
        cause, context = _get_cause(current), _get_context(current)
        earlier = cause if cause is not None or _get_suppress(current) else context
        if earlier is None or id(earlier) in seen:
            break
        seen.add(id(earlier))
        link = "This was the direct cause of:" if cause is not None else "While handling that, this was raised:"
        parts += [link, _one(earlier, sources, shown)]
        current = earlier
    return "\n\n".join(reversed(parts))


def _one(error: BaseException, sources: Sources, shown: dict[str, str]) -> str:
    frames = []
    step = _get_traceback(error)
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename in sources:
            frames.append((code.co_filename, step.tb_lineno or 0, code.co_name))
        step = step.tb_next
    lines = ["Traceback (most recent call last):"] if frames else []
    for filename, number, name in _shorten(frames):
        if number < 0:
            lines.append(f"  [{-number} more frames]")
            continue
        lines.append(f'  File "{shown.get(filename, filename)}", line {number}, in {safe_text(name, _LINE)}')
        text = sources.line(filename, number)
        if text:
            lines.append(f"    {safe_text(text, _LINE)}")
    name, message = short_name(type(error)), _message(error)
    lines.append(f"{name}: {message}" if message else name)
    return "\n".join(lines)


def _shorten(frames: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """At most _FRAMES frames, both ends kept; a negative line number says how many were left out."""
    if len(frames) <= _FRAMES:
        return frames
    half = _FRAMES // 2
    return [*frames[:half], ("", _FRAMES - len(frames), ""), *frames[-half:]]
