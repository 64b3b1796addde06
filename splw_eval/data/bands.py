"""Bands of ages: the forms in which they may be written, and the one in which they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

OLDEST = 120  # years; a larger number is no age
BANDS_REMEDY = (
    "Write each as 45-54, 85+, <18, under 18, 45 to 54 or 85 and over; "
    "nothing else of such a column is ever printed."
)
MAY_BE_DATES = (
    "Some look like dates, which Excel makes of 10-18: give the column the format Text before "
    "it is filled."
)
_YEARS = r"(?: ?(?:years?|yrs?)(?: old)?)?"
_BETWEEN = re.compile(rf"(?:aged? )?(\d{{1,3}})(?: ?- ?| to )(\d{{1,3}}){_YEARS}")
_ABOVE = re.compile(
    rf"(?:aged? )?(\d{{1,3}})(?: ?\+|{_YEARS}(?: and| or|) (?:over|above|older|more|plus)){_YEARS}"
)
_AT_LEAST = re.compile(rf"(?:>=|≥) ?(\d{{1,3}}){_YEARS}")
_BELOW = re.compile(rf"(?:< ?|under |below |less than )(\d{{1,3}}){_YEARS}")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_LIKE_DATE = re.compile(
    r"\d{1,2}[-/. ][A-Za-z]{3,9}|[A-Za-z]{3,9}[-/. ]\d{2,4}|\d+([-/.])\d+\1\d+.*"
)


def age_band(written: str) -> str:
    """Write a band of ages in one way.

    Parameters
    ----------
    written : str

    Returns
    -------
    str
        ``45-54``, ``85+`` or ``under 18``; empty text where it is no band, as a single age
        is none.
    """
    plain = " ".join(written.translate(_DASHES).casefold().split())
    if fits := _BETWEEN.fullmatch(plain):
        low, high = int(fits[1]), int(fits[2])
        return f"{low}-{high}" if low < high <= OLDEST else ""
    if (fits := _ABOVE.fullmatch(plain) or _AT_LEAST.fullmatch(plain)) and int(fits[1]) <= OLDEST:
        return f"{int(fits[1])}+"
    if (fits := _BELOW.fullmatch(plain)) and 0 < int(fits[1]) <= OLDEST:
        return f"under {int(fits[1])}"
    return ""


def bands_remedy(faulty: Iterable[str]) -> str:
    """What to do about cells that are no bands."""
    if any(_LIKE_DATE.fullmatch(cell) for cell in faulty):
        return f"{MAY_BE_DATES} {BANDS_REMEDY}"
    return BANDS_REMEDY
