"""Parameters of formats: from plain JSON into the format's dataclass and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")
#: No contest lasts longer, and no penalty is greater: a week in ms.
LONGEST = 7 * 24 * 3_600_000


class FormatError(ValueError):
    """A format or a parameter of one that does not exist; its text is for the person who wrote it."""


def rules_from(kind: type[T], given: object) -> T:
    """Parameters from JSON; what is not given has its default.

    Raises:
        FormatError: not an object, a parameter that the format does not have, or a value of the wrong kind.
    """
    if given is None:
        return kind()
    if not isinstance(given, dict):
        raise FormatError("rules must be an object of parameters")
    types = get_type_hints(kind)
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type] # every Rules is a dataclass
    unknown = sorted(map(str, given.keys() - known))
    if unknown:
        raise FormatError(f"there is no rule {unknown[0]!r} here; there are {', '.join(sorted(known))}")
    return kind(**{name: _value(name, types[name], value) for name, value in given.items()})


def rules_as_json(rules: Any) -> dict[str, Any]:
    """Parameters as plain JSON, all of them, so that a later change of a default changes no stored contest."""
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in asdict(rules).items()}


def _value(name: str, kind: Any, value: object) -> Any:
    if kind is bool:
        if isinstance(value, bool):
            return value
        raise FormatError(f"rule {name}: must be true or false")
    if kind is int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST:
            return value
        raise FormatError(f"rule {name}: must be a whole number from 0 to {LONGEST}")
    try:
        return kind(value)
    except ValueError:
        raise FormatError(f"rule {name}: must be one of {', '.join(one.value for one in kind)}") from None
