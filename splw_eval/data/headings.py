"""Words of a file that messages may repeat: headings, names of sheets and files, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from splw_eval.core.plan import suggestion
from splw_eval.data.words import is_thing, listed, words_of

UNSAID_REASON = "a reason of the file"
_LONGEST = 60
_LONGEST_REASON, _MOST_WORDS = 40, 6
TITLED = re.compile(
    r"(Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Sister|Sir)\.? ([A-Z][\w.'’-]*)( [A-Z][\w'’-]*){0,3}"
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}")
_POSTCODE = re.compile(r"\b([A-Z]{1,2})\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
_NATIONAL = re.compile(r"(?<!\d)[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}(?!\d)")
_TELEPHONE = re.compile(r"(?<!\d)(?:\+44 ?\(?0?\)?|0)[127]\d(?:[ -]?\d){7,8}(?!\d)")
_DATA = re.compile(r"@|\d{6}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^[\d., -]+$")
_CAPITALISED = re.compile(r"[A-Z][\w'’-]*(?:[ ,._-]+[A-Z][\w.'’-]*){1,3}")
_MARKS = str.maketrans("_-/.", "    ")
_WORDS = listed("heading_words") | listed("practice_headings") | listed("name_of_things")
_FIRST_NAMES = listed("first_names")
_AREAS = listed("postcode_areas")


def may_be_said(text: str) -> bool:
    """Whether a message may repeat a word of a file.

    Not where it looks like an identifier, or may be the name of somebody: a heading that is not
    repeated costs its reader a look at the column's letter, one that is may tell who somebody is.
    """
    if len(text) > _LONGEST or _DATA.search(text) or holds_identifier(text):
        return False
    words = [word.casefold() for word in words_of(text.translate(_MARKS))]
    known = any(word in _WORDS for word in words) or is_thing(text.translate(_MARKS))
    alone = len(words) == 1 and text[:1].isupper() and words[0] in _FIRST_NAMES
    return known or not (alone or _CAPITALISED.fullmatch(text))


def holds_identifier(text: str) -> bool:
    """Whether a text is somebody's name, or holds a number, postcode or address of theirs."""
    if _EMAIL.search(text) or _TELEPHONE.search(text) or names_somebody(text):
        return True
    postcodes = any(area in _AREAS for area in _POSTCODE.findall(text))
    return postcodes or any(passes_check(found[0]) for found in _NATIONAL.finditer(text))


def passes_check(number: str) -> bool:
    """Whether a number of ten digits carries the check digit of an NHS number (Modulus 11)."""
    digits = [int(c) for c in number if c.isdecimal()]
    check = 11 - sum(w * d for w, d in zip(range(10, 1, -1), digits, strict=False)) % 11
    return len(set(digits)) > 1 and (0 if check == 11 else check) == digits[-1]  # noqa: PLR2004


def names_somebody(text: str) -> bool:
    """Whether a text is the name of a person, by its title or by its first name."""
    words = words_of(text)
    if TITLED.fullmatch(text):
        return True
    if not 1 < len(words) <= 4 or is_thing(text) or not _CAPITALISED.fullmatch(text):  # noqa: PLR2004
        return False
    first = words[1] if "," in text else words[0]  # "Smith, Joan" as well as "Joan Smith"
    return first.casefold() in _FIRST_NAMES


def reason_said(text: str) -> str:
    """Return a label of a missing value, or words in its place where it may tell of somebody."""
    short = len(text) <= _LONGEST_REASON and len(text.split()) <= _MOST_WORDS
    return text if short and may_be_said(text) else UNSAID_REASON


def nearest(word: str, words: Iterable[str]) -> str:
    """``; did you mean ...?`` among words of a file that may be repeated.

    One that differs only in capitals, spaces and marks comes before any other.
    """
    safe = [each for each in words if each and may_be_said(each)]
    same = variant(word, safe)
    return f'; did you mean "{same}"?' if same else suggestion(word, safe)


def variant(word: str, words: Iterable[str]) -> str:
    """Return the first that differs from a word only in capitals, spaces and marks, or ``""``."""
    plain = _bare(word)
    return next((each for each in words if each != word and _bare(each) == plain), "")


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def sayable_names(names: Iterable[str]) -> str:
    """List names that may be repeated, and say how many others there are."""
    held = list(names)
    said = [name for name in held if may_be_said(name)]
    others = len(held) - len(said)
    rest = [f"{others} whose name is not repeated here"] if others else []
    return ", ".join([*said, *rest])
