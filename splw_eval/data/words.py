"""Words by which identifiers are told: first names, headings, names of things."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OF_A_THING = re.compile(r"\d|&|'s\b|’s\b")


@cache
def _lists() -> dict[str, frozenset[str]]:
    source = files("splw_eval.data").joinpath("words.toml")
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    return {name: frozenset(text.split()) for name, text in lists.items()}


def listed(name: str) -> frozenset[str]:
    """Return one list of words.toml."""
    return _lists()[name]


def words_of(value: str) -> list[str]:
    """Return the words of a value, without numbers and marks."""
    return _LETTERS.findall(value)


def is_thing(value: str) -> bool:
    """Whether a value names a practice, a post, a group or an instrument."""
    if _OF_A_THING.search(value):
        return True
    return any(word.casefold() in _THINGS for word in words_of(value))


_THINGS = listed("things")
