"""How far people of each kind came, from referral to the answer wave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.reach_rows import MUCH_MISSING, KnownRow, ReachRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.checks.deprivation import version_of
from splw_eval.describe.characteristics import Characteristic, characteristics
from splw_eval.describe.settings import PROPOSAL
from splw_eval.describe.who_came import NOT_KNOWN
from splw_eval.retention.reported.reach_chain import Reached, chain

CHARACTERISTICS = (
    "Deprivation, in fifths",
    "Age",
    "Sex",
    "Ethnic group",
    "Long-term conditions",
)
"""In reading order; what else is kept of people is told under who came."""

CONTEXT = (
    "For planning, and not a test: of the people offered social prescribing in England in 2023, 42 "
    "in 100 lived in the more deprived areas, 60 in 100 were women, and 23 in 100 belonged to a "
    "minority ethnic group (Bu and others 2025). Who is offered it in one place depends on who "
    "lives there."
)
NOT_STATED = "not stated"
SOURCES = (
    "Bu and others 2025, Lancet Public Health, 10.1016/S2468-2667(25)00217-8, and the preprint "
    "medRxiv 2025.04.04.25325237: national contrast",
)
_NOTES = (
    "Of a person with several referrals the earliest counts. A stage that no file can say is left "
    "out; not known counts as not reached.",
    "Nothing here is adjusted: people of two categories may differ in age, illness and practice as "
    "well, and none of the differences is tested.",
    CONTEXT,
)


def told_apart(study: Study) -> tuple[Characteristic, ...]:
    """Characteristics by which fairness is told, those that are kept.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Characteristic
    """
    held = {found.title: found for found in characteristics(study)}
    return tuple(held[title] for title in CHARACTERISTICS if title in held)


def categories_of(found: Characteristic) -> list[tuple[str, int]]:
    """Categories with their codes, and those of whom it is not known, if any."""
    named = [(category, code) for code, category in enumerate(found.categories)]
    return [*named, (NOT_KNOWN, -1)] if (found.codes < 0).any() else named


def describe_reach(study: Study) -> Result[ReachRow]:
    """Count people of each category at each stage, from referral to measurement.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ReachRow
        A row for each group, characteristic, category and stage. A group of which nobody was
        referred has the stages of the study alone.
    """
    every = tuple(told_apart(study))
    rows = tuple(
        row
        for arm, group in enumerate(study.plan.groups)
        for found in every
        for row in _rows(group, found, chain(study, arm))
    )
    return Result(
        key="reach",
        title="How far each kind of people came",
        unit="people",
        row_type=ReachRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in (*_NOTES, *_index(study))),
        sources=SOURCES,
    )


def describe_reach_known(study: Study) -> Result[KnownRow]:
    """Count of how many people each characteristic is known.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of KnownRow
    """
    rows = []
    for arm, group in enumerate(study.plan.groups):
        base = chain(study, arm)[0].base
        for found in told_apart(study):
            people, missing = int(base.sum()), int((base & (found.codes < 0)).sum())
            rows.append(
                KnownRow(
                    group=group,
                    characteristic=found.title,
                    people=people,
                    missing=missing,
                    known=people - missing,
                    share_missing=missing / people if people else None,
                    much=None,
                )
            )
    cut = f"The line at {MUCH_MISSING:.0%} not known is {PROPOSAL}."
    return Result(
        key="reach_known",
        title="Of how many it is known",
        unit="people",
        row_type=KnownRow,
        rows=tuple(rows),
        notes=(Note(text=cut),),
    )


def _rows(group: str, found: Characteristic, steps: tuple[Reached, ...]) -> Iterator[ReachRow]:
    for category, code in categories_of(found):
        own = found.codes == code
        if not (own & steps[0].base).any():
            continue
        for step in steps:
            of, reached = int((own & step.base).sum()), int((own & step.reached).sum())
            # Parts of all are told of the first stage: of the others they follow from the shares.
            everybody = int(step.reached.sum()) if step is steps[0] else None
            yield ReachRow(
                group=group,
                characteristic=found.title,
                category=category,
                stage=step.stage,
                among=step.among,
                of=of,
                reached=reached,
                not_reached=of - reached,
                share_reached=reached / of if of else None,
                elsewhere=None if everybody is None else everybody - reached,
                everybody=everybody,
                share_of_all=reached / everybody if everybody else None,
            )


def _index(study: Study) -> Iterator[str]:
    """Say which index of deprivation the tenths come from, where the file does."""
    table = study.tables.get("people")
    if table is None or "imd_decile" not in table.columns:
        return
    words = table.text("imd_version")[~np.isnan(table.number("imd_decile"))].tolist()
    found = sorted({version_of(word) for word in set(words) if word})
    years = [word.rpartition(" ")[2] for word in found]
    if len(found) == 1 and years[0].isdigit():
        nation = found[0].rpartition(" ")[0]
        named = "Northern Ireland" if nation == "ni" else nation.capitalize()
        yield (
            f"Deprivation: the index of {named} of {years[0]}, in fifths of the country, two "
            "tenths each; 1 is the most deprived."
        )
        if "" in words:
            yield f"Of some people the version of the index is {NOT_STATED}."
    else:
        yield (
            "Deprivation is in fifths of the country, two tenths each; 1 is the most deprived. "
            f"Which version of the index the tenths come from is {NOT_STATED}."
        )
