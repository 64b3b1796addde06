"""What a size of change stands for, in words that fit how it was found."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import as_planned

IN_THE_PLAN = "stated in the plan"
# By a word of the catalogue's for how a size was found: what the MID is, and what that leaves open.
_MEANINGS = (
    ("anchor", "the smallest change that people said mattered", ""),
    (
        "standard error",
        "a change as large as the error of measurement",
        "Nobody was asked whether a change of that size matters.",
    ),
    (
        "reliable change",
        "the smallest change of one person beyond the error of measurement",
        "Nobody was asked whether a change of that size matters.",
    ),
    (
        "instrument-defined",
        "one step of the questionnaire itself",
        "Nobody was asked whether a change of that size matters.",
    ),
    (
        "convention",
        "the change that is taken as important by convention",
        "No study behind it is known here.",
    ),
    ("several methods", "the change to which several methods together point", ""),
)
_NEUTRAL = ("the change taken as important", "")


def mid_meaning(evidence: Evidence, outcome: Outcome) -> str:
    """Say what the MID of an outcome is, how large, how it was found, and who says so.

    Parameters
    ----------
    evidence : Evidence
    outcome : Outcome

    Returns
    -------
    str
        By the catalogue's kind where the plan's MID is a size that the catalogue lists;
        otherwise in neutral words, as the plan has only the text of a source.
    """
    if outcome.mid is None:
        return (
            "No MID (a change taken as important) was given for this score, so nobody is counted "
            "as better or worse."
        )
    words, limits = meaning(_kind(evidence, outcome))
    size = f"{as_planned(outcome.mid.value)} {outcome.unit}"
    parts = (f"The MID, {words}, is {size}.", limits, f"Its source: {outcome.mid.source}")
    return " ".join(part for part in parts if part).rstrip(".") + "."


def meaning(kind: str) -> tuple[str, str]:
    """Return what a size of change is by how it was found, and what that leaves open."""
    found = ((words, limits) for name, words, limits in _MEANINGS if name in kind)
    return next(found, _NEUTRAL)


def _kind(evidence: Evidence, outcome: Outcome) -> str:
    rows = evidence.of("important_differences").rows
    found = (r.same_as for r in rows if r.outcome == outcome.name and r.kind == IN_THE_PLAN)
    return next(found, "")
