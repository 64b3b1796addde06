"""Words made fit for print: every character has a glyph, and long words have places to break."""

from __future__ import annotations

import re
import unicodedata

from splw_eval.report.figures.typeface import advance, characters

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
BREAK = "\N{ZERO WIDTH SPACE}"
# PDF/A refuses characters that mean nothing, or mean something in one typeface only.
REFUSED = {"Cc", "Co", "Cs", "Cn"}
NOT_TEXT = {"\ufeff", "\ufffe", "\uffff"}
# Arabic and Persian need them; other marks of format could turn the words around them about.
JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
PLACES = re.compile(r"\s+|(?<=[-–/])(?=\D)")  # where a line may end


def printable(words: str) -> str:
    """Return words with a sign in place of each character that cannot be printed.

    Parameters
    ----------
    words : str
        Words of a plan, of data or of our own.

    Returns
    -------
    str
        Without characters that only steer: controls, and marks of direction.
    """
    if words.isascii() and words.isprintable():
        return words
    return "".join(_character(c) for c in words)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide words are on one line, in points."""
    return size * sum(advance(c, bold) for c in words if c >= " ")


def pieces(words: str) -> list[str]:
    """Return the parts of words that a line does not break."""
    return [piece for piece in PLACES.split(words) if piece]


def breakable(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return words with places to break inside each piece wider than its room.

    Parameters
    ----------
    words : str
    room, size : float
        Points.
    bold : bool

    Returns
    -------
    str
        The same words to the eye, and cut off nowhere.
    """
    for piece in {p for p in pieces(words) if width(p, size, bold=bold) > room}:
        words = words.replace(piece, BREAK.join(piece))
    return words


def _character(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " " if character not in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}" else character
    kind = unicodedata.category(character)
    if kind == "Cc" or character in NOT_TEXT or (kind == "Cf" and character not in JOINERS):
        return ""
    if kind in REFUSED or ord(character) not in characters():
        return UNKNOWN
    return character
