"""Numbers and postcodes of people inside longer text, such as a reason or a purpose."""

from __future__ import annotations

import re

from splw_eval.data.headings import passes_check
from splw_eval.data.identifiers.column import Column, Hit, refused
from splw_eval.data.identifiers.contact import is_dialled
from splw_eval.data.identifiers.national_numbers import SHARE, in_use
from splw_eval.data.identifiers.places import POSTCODE, in_area

_LETTER = re.compile(r"[^\W\d_]{2}")
_PARTING = frozenset(" ;,:/|")  # a code has none of them, and is looked at as a whole
_TEN = re.compile(r"(?<![\w.+-])[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}(?![\w-]|\.\d)")
_DIALLED = re.compile(r"(?<![\w.])(?:\(0|\+|0)[0-9 ().-]{8,16}[0-9](?!\w)")
_WITHIN = re.compile(rf"\b{POSTCODE}\b")
_REMEDY = (
    "Put words from a short list in its place where the file is made: "
    "what stands in such text tells who somebody is."
)


def find_embedded(column: Column) -> Hit | None:
    """Find NHS numbers, telephone numbers and full postcodes among words.

    A number in the usual way of writing, three, three and four digits, is enough; of numbers
    without spaces four in five must carry the check digit, as one random number in 11 does.
    """
    texts = [v for v in column.times if not _PARTING.isdisjoint(v) and _LETTER.search(v)]
    found = _national(texts) if _held(_TEN, texts) else []
    if found:
        return refused("SW90", "NHS or Health and Care numbers among words", _REMEDY, found)
    if column.about_practices:  # a practice may be rung up, and stands where it stands
        return None
    held = _held(_DIALLED, texts)
    found = [text for text in texts if held and any(map(is_dialled, _DIALLED.findall(text)))]
    if found:
        return refused("SW99", "telephone numbers among words", _REMEDY, found)
    held = _held(_WITHIN, texts)
    found = [text for text in texts if held and any(map(in_area, _WITHIN.finditer(text)))]
    return refused("SW95", "full postcodes among words", _REMEDY, found) if found else None


def _held(pattern: re.Pattern[str], texts: list[str]) -> bool:
    """Whether any text may hold what a pattern looks for: one search for a million of them."""
    return pattern.search("\n".join(texts)) is not None


def _national(texts: list[str]) -> list[str]:
    """Texts with numbers that are too likely to be of the national registers."""
    spaced: list[str] = []
    plain: list[str] = []
    others = 0
    for text in texts:
        for number in _TEN.finditer(text):
            passes = passes_check(number[0])
            if passes and number[1]:
                spaced.append(text)
            elif passes and in_use(number[0]):
                plain.append(text)
            else:
                others += 1
    enough = len(plain) >= SHARE * (len(plain) + others)
    return [*spaced, *(plain if enough else [])]
