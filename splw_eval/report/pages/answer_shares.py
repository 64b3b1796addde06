"""Page one's shares: better, in between and worse by the MID, and beyond the error of one score."""

from __future__ import annotations

from typing import Any

from splw_eval.core.rows import ResponderRow
from splw_eval.report.evidence import Entry, Evidence, at_answer, entries
from splw_eval.report.numbers import in_100, number, percent
from splw_eval.report.sentences import TOO_FEW, why_hidden


def shares(evidence: Evidence, arm: str) -> tuple[str, ...]:
    """Say how many in 100 are better, within and worse by at least the MID.

    Parameters
    ----------
    evidence : Evidence
    arm : str
        Label of the group.

    Returns
    -------
    tuple of str
        The last one says how many improved by more than the error of measurement, where
        that is larger than the MID.
    """
    if evidence.plan.primary.mid is None:
        return ("No MID was given, so nobody is counted as better or worse.",)
    found = at_answer(evidence, evidence.responders, arm)
    names = ("share_better", "share_same", "share_worse")
    if found is None or not any(
        getattr(found.row, n) is not None or n in found.masked for n in names
    ):
        return ("How many are better or worse by at least the MID is not available.",)
    if "n" in found.masked:
        return (f"Better or worse by at least the MID: {TOO_FEW}",)
    return (
        _share(found, "better", "better by at least the MID"),
        _share(found, "same", "in between"),
        _share(found, "worse", "worse by at least the MID"),
        *_reliably(evidence, arm),
    )


def _share(found: Entry[ResponderRow], part: str, words: str) -> str:
    """Say one share both ways, or why it is not shown."""
    share: float | None = getattr(found.row, f"share_{part}")
    if share is not None:
        return f"{in_100(share)} ({percent(share)}) {words}"
    few = f"n_{part}" in found.masked
    hidden = why_hidden(found.masked, part, ("better", "same", "worse"))
    why = hidden if few else "not shown, as it would tell a small number"
    return f"{words.capitalize().replace('mid', 'MID')}: {why}"


def _reliably(evidence: Evidence, arm: str) -> tuple[str, ...]:
    """Say that a change of one person beyond the MID may be chance, where it may."""
    outcome, wave = evidence.plan.primary, evidence.answer_wave.name
    for entry in entries(evidence.of("reliable_change")):
        row = entry.row
        if (row.outcome, row.arm, row.wave) != (outcome.name, arm, wave):
            continue
        least = row.threshold
        if least is None or outcome.mid is None or least <= outcome.mid.value:
            return ()
        places = entry.places("threshold", outcome.decimals) or 0
        return (
            f"Changes below {number(least, places)} {outcome.unit} in one person may be chance "
            f"alone; by that measure {_improved(entry)}.",
        )
    return ()


def _improved(entry: Entry[Any]) -> str:
    """Return how many are reliably better, past a cut-off or not."""
    parts = [getattr(entry.row, f"share_{part}") for part in ("improved", "recovered")]
    hidden = entry.masked & {"share_improved", "share_recovered", "n"}
    if hidden or parts[0] is None:
        return "how many improved is not shown"
    return f"{in_100(sum(part or 0.0 for part in parts))} improved"
