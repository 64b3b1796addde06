"""Names that differ only as two spellings of one name do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

# No programme has more practices or link workers; such a column holds something else.
MOST_NAMES = 5_000
# Shorter words that differ by a letter are mostly two words: Marton and Marston.
_LONG_WORD = 8
_SWAPPED_WORD = 4  # letters that changed places are a slip in shorter words too: Raod
_KINDS = frozenset({"surgery", "practice", "medical", "centre", "health", "street", "avenue"})
_SHORT = {
    "rd": "road",
    "st": "street",
    "saint": "street",  # "St" may be either, and one column rarely needs both
    "str": "street",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "surg": "surgery",
    "med": "medical",
    "ctr": "centre",
    "center": "centre",
    "cen": "centre",
    "hlth": "health",
    "mc": "medical centre",
    "hc": "health centre",
    "grp": "group",
    "prac": "practice",
    "dr": "doctor",
    "the": "",
}


def rarer_spellings(times: Mapping[str, int]) -> set[str]:
    """Names of which another spelling stands more often, or first if as often.

    Two names are spellings of one where they are the same but for capitals, accents, spaces,
    signs, leading zeros and usual abbreviations; or but for one letter of a long word.

    Parameters
    ----------
    times : mapping of str to int
        How often each name stands, in the order of the files.

    Returns
    -------
    set of str
    """
    if len(times) > MOST_NAMES:
        return set()
    order = sorted(times, key=lambda name: -times[name])  # stable: ties stay in order
    first: dict[str, str] = {}
    rarer = set()
    for name in order:
        words = _words(name)
        same = {"".join(words)} - {""}
        close = set(_one_letter_keys(words))
        if any(key in first for key in same) or _met(close, words, first):
            rarer.add(name)
        for key in same | close:
            first.setdefault(key, " ".join(words))
    return rarer


def _met(keys: set[str], words: list[str], first: Mapping[str, str]) -> bool:
    """Whether a name met before differs by one letter of a long word."""
    return any(_one_letter_apart(first[key].split(), words) for key in keys if key in first)


def _words(name: str) -> list[str]:
    """Words of a name, without what spellings of it differ in."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['\u2019.](?=[a-z])", "", re.sub(r"(?<=\d)[^a-z\d]+(?=\d)", "_", plain))
    plain = re.sub(r"(?<![\d_])0+(?=\d)", "", plain)
    found = re.findall(r"\w+", plain)
    return " ".join(_SHORT.get(word, word) for word in found).split()


def _one_letter_keys(words: list[str]) -> Iterator[str]:
    """Keys that two names share where one long word differs by one letter."""
    for i, word in enumerate(words):
        if len(word) < _SWAPPED_WORD or not word.isalpha():
            continue
        before, after = " ".join(words[:i]), " ".join(words[i + 1 :])
        for cut in range(1, len(word) + 1):
            yield f"{before}|{word[:cut]}{word[cut + 1 :]}|{after}"


def _one_letter_apart(one: list[str], other: list[str]) -> bool:
    differing = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(differing) != 1:
        return False
    short, long = sorted(differing[0], key=len)
    if min(map(len, differing[0])) < _SWAPPED_WORD or short[0] != long[0]:
        return False
    swapped = len(short) == len(long) and any(
        f"{short[:i]}{short[i + 1]}{short[i]}{short[i + 2 :]}" == long
        for i in range(1, len(short) - 1)
    )
    if len(short) < _LONG_WORD and not _KINDS & {short, long}:
        return swapped
    return swapped or _edited(short, long)


def _edited(short: str, long: str) -> bool:
    """Whether one letter was left out or written for another."""
    head = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if head is None:
        return len(long) - len(short) == 1
    if len(short) < len(long):
        return short[head:] == long[head + 1 :]
    return short[head + 1 :] == long[head + 1 :]
