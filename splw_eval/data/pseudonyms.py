"""Pseudonyms that a file should hold and does not, and how they may have been lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence

from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet

_ROWS_LOST = frozenset({"SW05", "SW08", "SW52"})  # ragged, or without their key
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def _without_zeros(name: str) -> str:
    return _ZEROS.sub("", name)


def _without_decimal(name: str) -> str:
    return name.removesuffix(".0")


def _composed(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _without_marks(name: str) -> str:
    return "".join(c for c in _composed(name).casefold() if c.isalnum())


_WAYS: tuple[tuple[Callable[[str], str], str], ...] = (
    (_without_decimal, "in .0 at the end, which a spreadsheet adds to numbers"),
    (_without_zeros, "in zeros in front, which a spreadsheet takes away"),
    (str.casefold, "in capitals"),
    (_composed, "in how accents are kept"),
    (_without_marks, "in spaces and marks"),
)


def likeness(unknown: Collection[str], known: Iterable[str], of: str) -> str:
    """Say in what pseudonyms differ from known ones, where that explains any of them.

    Parameters
    ----------
    unknown, known : collection of str
    of : str
        Where the known ones stand, as in ``the people file``.

    Returns
    -------
    str
        A sentence without any pseudonym; empty text where nothing explains one.
    """
    there = list(known)
    for way, what in _WAYS:
        plain = {way(name) for name in there}
        like = sum(way(name) in plain for name in unknown)
        if like:
            some = "They differ" if like == len(unknown) else "Some differ"
            return f"{some} from those of {of} only {what}: write them alike."
    return ""


def rows_left_out(sheets: Sequence[Sheet], table: str, ledger: Ledger) -> int:
    """Count rows of a table that could not be read; each may hold a pseudonym or a key."""
    places = {sheet.spec.place for sheet in sheets if sheet.spec.table == table}
    lost = (f for f in ledger.findings if f.code in _ROWS_LOST and f.file in places)
    return sum(len(finding.rows) for finding in lost)


def what_to_do(
    unknown: Collection[str], known: Iterable[str], of: str, remedy: str, lost: int
) -> str | None:
    """Remedy for names that are not there; None where rows left out may have held them all.

    Parameters
    ----------
    unknown, known : collection of str
    of : str
        Where the known ones stand, as in ``the people file``.
    remedy : str
        What to do where nothing explains them.
    lost : int
        Rows of that file that could not be read.
    """
    if unknown and len(unknown) <= lost:
        return None
    left = f"Rows of {of} were left out: mend those first. " if lost else ""
    return left + (likeness(unknown, known, of) or remedy)
