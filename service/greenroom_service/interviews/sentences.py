"""Sentences: cuts a stream of text into pieces that can be checked before they are shown. Pure."""

from __future__ import annotations

import re

#: An end of a sentence, with what closes it, and the blank after it.
_END = re.compile(r"[.!?…][\"')\]*_]*\s+")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
#: Characters after which a piece goes out although no sentence has ended; models do write without full stops.
LONGEST = 400


class Sentences:
    """Feed it pieces of text, and it gives back whole sentences and lines; a fenced block comes as one piece."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> list[str]:
        """What can be looked at now. Nothing is lost or changed: all pieces together are the text."""
        self._held += piece
        found: list[str] = []
        while True:
            end = _cut(self._held)
            if end == 0:
                return found
            found.append(self._held[:end])
            self._held = self._held[end:]

    def rest(self) -> str:
        """What is left when the text has ended."""
        held, self._held = self._held, ""
        return held


def _cut(text: str) -> int:
    """Where the first piece of a text ends; 0 while it has no end yet."""
    if _FENCE.match(text):
        close = re.search(
            r"^\s*(?:```|~~~)[ \t]*(?:\n|$)", text[text.index("\n") + 1 :] if "\n" in text else "", re.MULTILINE
        )
        return text.index("\n") + 1 + close.end() if close and close[0].endswith("\n") else 0
    line = text.find("\n") + 1
    within = text[:line] if line else text
    for found in _END.finditer(within):
        if within[: found.end()].count("`") % 2 == 0:
            return found.end()
    if line:
        return line
    if len(text) > LONGEST and text.count("`") % 2 == 0:
        blank = text.rfind(" ", 0, LONGEST)
        return blank + 1 if blank > 0 else LONGEST
    return 0
