"""The examples of a statement: doctest blocks, found as text. Running them is the gate's business."""

from __future__ import annotations

import doctest
import re
from dataclasses import dataclass

_FENCE = re.compile(r"^```python[ \t]*\n(?P<code>.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StatementExample:
    """One ``>>>`` of a statement and what stands below it."""

    #: Source without prompts, with its newline.
    source: str
    #: What it must print, with its newline; empty when nothing is shown.
    want: str
    #: Which fenced block it stands in, from 0: names made by one example last until the block ends.
    block: int
    #: ``ValueError: why`` where the block shows a traceback.
    raises: str | None = None


class StatementError(ValueError):
    """A doctest block that cannot be parsed; the message names the line."""


def statement_examples(statement: str) -> list[StatementExample]:
    """Every doctest example of the fenced ``python`` blocks, in order. Raises StatementError."""
    parser = doctest.DocTestParser()
    examples = []
    for block, found in enumerate(_FENCE.finditer(statement)):
        try:
            parsed = parser.get_examples(found["code"])
        except ValueError as error:
            raise StatementError(str(error)) from error
        examples += [
            StatementExample(source=item.source, want=item.want, block=block, raises=item.exc_msg) for item in parsed
        ]
    return examples
