"""Verdicts that follow from what the loader found."""

from __future__ import annotations

from collections.abc import Iterable

from splw_eval.appraisal.checklists.facts import Facts, Found
from splw_eval.appraisal.checklists.verdict import Verdict, not_reported, reported

MOST_NAMED = 3


def passes_without(
    facts: Facts, codes: Iterable[str], remedy: str, otherwise: str, *results: str
) -> Verdict:
    """Judge by whether the loader found any of the codes.

    Parameters
    ----------
    facts : Facts
    codes : iterable of str
    remedy : str
        Where one was found.
    otherwise : str
        Evidence where none was.
    *results : str
        Keys that the evidence rests on where none was found; those without rows are left out.

    Returns
    -------
    Verdict
    """
    told = facts.told(*codes)
    if told:
        return not_reported(said(told), remedy, "findings")
    return reported(otherwise, *(key for key in results if facts.rows(key)))


def said(told: tuple[Found, ...]) -> str:
    """Say what was found, with codes and places; no numbers of rows."""
    named = [": ".join(filter(None, (f.code, f.place, f.problem))) for f in told[:MOST_NAMED]]
    more = f"; and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    return f"{'; '.join(named)}{more}."
