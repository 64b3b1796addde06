"""Referrals set against the patients registered with the practices that they came from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.reach_rows import ReferralRateRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.checks.joins import index_of, positions
from splw_eval.data.tables import Table
from splw_eval.retention.delivery.service_log import service_log

FEWEST_PRACTICES = 3
EVERY = "All practices with a known list"  # rules of disclosure name it
_MOST_DECILE = 10
_BY_SCORE = {
    2: ("Less deprived half", "More deprived half"),
    3: ("Least deprived third", "Middle third", "Most deprived third"),
}
_BY_NUMBER = {
    2: ("Half with the lower numbers", "Half with the higher numbers"),
    3: (
        "Third with the lowest numbers",
        "Third with the middle numbers",
        "Third with the highest numbers",
    ),
}
_NOTES = (
    "Referrals of the people of this study, over all of its time; a service may have had others. "
    "Set beside another service only what was counted over as long a time.",
    f"No row is about fewer than {FEWEST_PRACTICES} practices. Practices without a known list size "
    "are left out.",
)
_PARTED = (
    "Practices stand in the order of list_imd, by the codebook the mean deprivation score of the "
    "list, of which a higher one is more deprived."
)
_MAYBE_TENTHS = (
    "No list_imd is above 10, so these look like tenths, of which 1 is the most deprived, and not "
    "like the mean scores that the codebook asks for. Which practices are the more deprived cannot "
    "be told."
)
_NONE = "No file gives the list size of {n} practices or more from which people were referred."
_BY_PERSON = (
    "Chance decided person by person, so those referred are a part of all who might have been: "
    "no rate is given."
)
Values = NDArray[np.float64]


def describe_referral_rates(study: Study) -> Result[ReferralRateRow]:
    """Give referrals per registered patient, by deprivation of the practices' lists.

    Parameters
    ----------
    study : Study
        Its table of clusters has list sizes; with list_imd, practices are parted in thirds or
        halves, none of which has fewer than three.

    Returns
    -------
    Result of ReferralRateRow
    """
    rows = tuple(row for arm in range(len(study.plan.groups)) for row in _rows(study, arm))
    by_person = study.plan.design == "individual_trial"
    rows = () if by_person else rows
    none = _BY_PERSON if by_person else _NONE.format(n=FEWEST_PRACTICES)
    told = _MAYBE_TENTHS if _tenths(study.tables.get("clusters")) else _PARTED
    parted = (told,) if any(row.practices_of != EVERY for row in rows) else ()
    return Result(
        key="referral_rates",
        title="Referrals and registered patients",
        unit="people",
        row_type=ReferralRateRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in ((*_NOTES, *parted) if rows else (none,))),
    )


def _rows(study: Study, arm: int) -> Iterator[ReferralRateRow]:
    """Rows of one group: all of its practices, then parts of them."""
    table = study.tables.get("clusters")
    if table is None or study.people.cluster is None:
        return
    practice, referred = _practices(study, table, arm)
    size, worse = table.number("list_size")[practice], table.number("list_imd")[practice]
    known = size > 0
    referred, size, worse = referred[known], size[known], worse[known]
    if len(size) < FEWEST_PRACTICES or not referred.sum():
        return
    group = study.plan.groups[arm]
    yield _row(group, EVERY, size, referred)
    for name, part in _parts(worse, tenths=_tenths(table)):
        yield _row(group, name, size[part], referred[part])


def _practices(study: Study, table: Table, arm: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the table of practices with people of a group, and referrals from each."""
    people = study.tables.get("people")
    held = people is not None and "cluster" in people.columns
    none = np.empty(0, dtype=np.int64)
    if people is None or not held:
        return none, none
    row = positions(people.text("cluster"), index_of(table.text("cluster")))
    person = positions(people.text("person"), study.people.index)
    of_person = np.full(len(study.people) + 1, -1, dtype=np.int64)
    of_person[person] = row
    mine = (study.people.arm == arm) & (of_person[:-1] >= 0)
    log = service_log(study, which_episode="first")
    referred = np.zeros(len(study.people), dtype=bool)
    referred[log.person[log.chosen]] = True
    if not (mine & referred).any():
        return none, none
    counts = np.bincount(of_person[:-1][mine & referred], minlength=len(table))
    there = np.bincount(of_person[:-1][mine], minlength=len(table)) > 0
    # A practice of the group could have referred, also where it referred nobody.
    kept = np.flatnonzero(there | _allocated(study, table, arm))
    return kept, counts[kept].astype(np.int64)


def _allocated(study: Study, table: Table, arm: int) -> NDArray[np.bool_]:
    """Practices that the table gives to a group; without groups all of them."""
    if not study.plan.arms:
        return np.ones(len(table), dtype=bool)
    said: NDArray[np.bool_] = table.text("arm") == study.plan.arms[arm].value
    return said


def _tenths(table: Table | None) -> bool:
    """Whether the deprivation of lists looks like tenths, which run the other way."""
    worse = np.empty(0) if table is None else table.number("list_imd")
    known = worse[~np.isnan(worse)]
    return len(known) > 0 and float(known.max()) <= _MOST_DECILE


def _parts(worse: Values, *, tenths: bool) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Thirds or halves of practices by deprivation of their lists; none is too small."""
    known = worse[~np.isnan(worse)]
    for parts in (3, 2):
        if len(known) < parts * FEWEST_PRACTICES:
            continue
        cuts = np.quantile(known, np.arange(1, parts) / parts)
        place = np.where(np.isnan(worse), -1, np.searchsorted(cuts, worse, side="right"))
        if min(int((place == at).sum()) for at in range(parts)) >= FEWEST_PRACTICES:
            for at, name in enumerate((_BY_NUMBER if tenths else _BY_SCORE)[parts]):
                own = worse[place == at]
                ends = f"{own.min():g} to {own.max():g}"
                what = "deprivation" if tenths else "deprivation score"
                yield f"{name} of practices ({what} of the list {ends})", place == at
            return


def _row(group: str, name: str, size: Values, referred: NDArray[np.int64]) -> ReferralRateRow:
    listed, people = int(size.sum()), int(referred.sum())
    return ReferralRateRow(
        group=group,
        practices_of=name,
        practices=len(size),
        list_size=listed,
        referred=people,
        others=max(listed - people, 0),
        rate=people / listed,
    )
