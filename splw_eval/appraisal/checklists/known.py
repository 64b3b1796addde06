"""Of how many people something is known, by what the tables show."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.shown_counts import UNKNOWN, both, bounds, rest, total
from splw_eval.core.judging import Bounds

# What the tables of people call the columns of the codebook.
TITLES = {
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "imd_decile": "Deprivation, in fifths",
    "carer": "Unpaid carer",
    "employment": "Main activity",
    "living_alone": "Lives alone",
    "interpreter": "Needs an interpreter",
    "digital_access": "Can use the internet",
    "ltc_physical": "Physical conditions",
    "ltc_mental": "Mental-health conditions",
}
NOT_KNOWN = "Not known"
NOT_STATED = "Not stated"  # a term of some lists, and nothing known of the person


def known_of(facts: Facts, column: str) -> Iterator[tuple[Bounds, Bounds]]:
    """Yield, for each group, of how many people a column is known, and of how many in all.

    Parameters
    ----------
    facts : Facts
    column : str
        Name in the codebook, or of an outcome for its score at the start.

    Yields
    ------
    tuple of (Bounds, Bounds)
        Known, and all people; nothing where no table shows it.
    """
    enrolled = people_of(facts)
    for arm, known, missing in _shown(facts, column):
        of = enrolled.get(arm, UNKNOWN)
        if UNKNOWN not in (known, missing):
            of = both(of, total((known, missing)))
        yield both(known, rest(of, missing)), of


def _shown(facts: Facts, column: str) -> Iterator[tuple[str, Bounds, Bounds]]:
    title = TITLES.get(column, column)
    for row in facts.rows("baseline"):
        if row.outcome == column:
            yield row.arm, bounds(facts, row.known), bounds(facts, row.missing)
    for row in facts.rows("quantities"):
        if row.characteristic == title:
            yield row.arm, bounds(facts, row.known), bounds(facts, row.missing)
    held = [row for row in facts.rows("characteristics") if row.characteristic == title]
    for arm in dict.fromkeys(row.arm for row in held):
        of_arm = [row for row in held if row.arm == arm]
        gone = [bounds(facts, row.people) for row in of_arm if row.category == NOT_KNOWN]
        unsaid = total(bounds(facts, row.people) for row in of_arm if row.category == NOT_STATED)
        seen = total(
            bounds(facts, row.people)
            for row in of_arm
            if row.category not in (NOT_KNOWN, NOT_STATED) and row.people is not None
        )
        # Categories that are shown are a part of all that are known.
        told = rest(bounds(facts, of_arm[0].known), unsaid)
        yield arm, both(told, (seen[0], UNKNOWN[1])), total([*gone, unsaid])


def people_of(facts: Facts) -> dict[str, Bounds]:
    """Return how many people each group can have, by every row of the flow that tells it."""
    found: dict[str, Bounds] = {}
    for row in facts.rows("flow"):
        found[row.arm] = both(found.get(row.arm, UNKNOWN), bounds(facts, row.enrolled))
    return found
