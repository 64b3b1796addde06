"""Questionnaires against waves: baselines that are lacking or late, dates out of order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import first_contact
from splw_eval.data.checks.telling import tell, tell_measures
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct

_NO_BASELINE = (
    Severity.WARNING,
    "SW62",
    "follow-up scores of people without a baseline score of the same outcome",
    "No change can be given for these people; look for the baseline.",
)
_ORDER = (
    Severity.WARNING,
    "SW63",
    "a date that is not after the same person's date at an earlier planned wave",
    "Check the dates and the waves.",
)
_LATE = (
    Severity.WARNING,
    "SW64",
    "a baseline that was measured after the person's first contact with a link worker",
    "Some of the change may lie before it; measure before the first contact.",
)
_VERSION = (
    Severity.WARNING,
    "SW71",
    "another version of the instrument than at the same person's first questionnaire",
    "Check whether the versions can be compared; otherwise change and version are mixed.",
)


def check(loaded: Loaded) -> None:
    """Report follow-up without baseline, waves out of order, late baselines, new versions."""
    tell_measures(loaded, _without_baseline(loaded), _NO_BASELINE)
    tell_measures(loaded, _out_of_order(loaded), _ORDER)
    _late_baseline(loaded)
    _version_changes(loaded)


def _without_baseline(loaded: Loaded) -> NDArray[np.bool_]:
    placed = loaded.placed
    person = placed.measures.person
    wrong = np.zeros(len(person), dtype=bool)
    for counted in placed.counted.T:
        has = np.zeros(len(loaded.people), dtype=bool)
        has[person[counted & (placed.wave == 0)]] = True
        wrong |= counted & (placed.wave > 0) & ~has[person]
    return wrong


def _out_of_order(loaded: Loaded) -> NDArray[np.bool_]:
    """Whether a dated record is not later than the one at the planned wave before."""
    measures = loaded.placed.measures
    usable = np.flatnonzero((measures.planned >= 0) & ~np.isnat(measures.date))
    person, planned = measures.person[usable], measures.planned[usable]
    day = measures.date[usable].view(np.int64)
    # One key, sorted stably: linear where a file is in order. A day is below 2^23 in size.
    key = (person * len(loaded.plan.waves) + planned) * 2**24 + day
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        usable, person, planned, day = (part[order] for part in (usable, person, planned, day))
    same, later = person[1:] == person[:-1], planned[1:] > planned[:-1]
    wrong = np.zeros(len(measures), dtype=bool)
    wrong[usable[1:]] = same & later & (day[1:] <= day[:-1])
    return wrong


def _late_baseline(loaded: Loaded) -> None:
    first = first_contact(loaded)
    placed = loaded.placed
    baseline = placed.counted.any(axis=1) & (placed.wave == 0)
    late = baseline & (placed.measures.date > first[placed.measures.person])
    tell_measures(loaded, late, _LATE)


def _version_changes(loaded: Loaded) -> None:
    """Report rows whose version is not that of the person's first row in the same file."""
    table, measures = loaded.tables.get("measures"), loaded.placed.measures
    if table is None or "version" not in table.columns:
        return
    # Rows of a wide file have one version for all waves: each record finds its row.
    width = 1 + max(table.row.max(initial=0), measures.row.max(initial=0))
    key = table.file * width + table.row
    order = np.argsort(key, kind="stable")
    row = order[np.searchsorted(key[order], measures.file * width + measures.row)]
    values, codes = distinct(table.text("version"))
    plain = {value: " ".join(value.casefold().split()) for value in values}
    same = {text: i for i, text in enumerate(dict.fromkeys(plain.values()))}
    version = np.array([same[plain[value]] for value in values], dtype=np.int64)[codes][row]
    usable = np.flatnonzero((table.text("version")[row] != "") & (loaded.placed.wave >= 0))
    who = measures.person[usable] * (1 + len(loaded.plan.files)) + measures.file[usable]
    first = usable[np.lexsort((loaded.placed.wave[usable], who))]
    who = np.sort(who, kind="stable")
    start = np.concatenate([[True], who[1:] != who[:-1]])[: len(who)]
    begun = version[first[start]][np.cumsum(start) - 1]
    wrong = np.zeros(len(table), dtype=bool)
    wrong[row[first[version[first] != begun]]] = True
    tell(loaded, table, "version", wrong, _VERSION)
