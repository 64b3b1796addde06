"""What a writer must still add: marked while sentences are made, and shown in square brackets."""

from __future__ import annotations

import re

# Marks that nobody types, so that brackets of a source are not taken for gaps.
_OPEN, _CLOSE = "\x02", "\x03"
_GAP = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def gap(words: str) -> str:
    """Mark what must still be said."""
    return f"{_OPEN}{words}{_CLOSE}"


def gaps_of(text: str) -> tuple[str, ...]:
    """What is marked in a text."""
    return tuple(_GAP.findall(text))


def shown(text: str) -> str:
    """The text with square brackets about its gaps."""
    return text.replace(_OPEN, "[").replace(_CLOSE, "]")
