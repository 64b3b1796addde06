"""Arms against practices, and the events from which time counts in each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.data.checks.joins import Places, index_of, person_of, positions
from splw_eval.data.checks.telling import tell, tell_plainly
from splw_eval.data.loaded import Loaded
from splw_eval.data.sheet import Told

_IN_TRIAL: Told = (
    Severity.ERROR,
    "SW68",
    "people of a practice that has people of another arm too",
    "Whole practices were allocated: correct the arm, or the practice of these people.",
)
_ELSEWHERE: Told = (
    Severity.WARNING,
    "SW69",
    "people of a practice that has people of another arm too",
    "Nothing, if people and not practices were put into groups.",
)
_NOT_ITS_ARM: Told = (
    Severity.ERROR,
    "SW81",
    "people whose arm is not that of their practice in the table of clusters",
    "Correct the practice, or the arm in one of the two tables.",
)

_UNLIKE: Told = (
    Severity.WARNING,
    "SW81",
    "people whose arm is not that of their practice in the table of clusters",
    "The arm of the people is used. Correct the practice or one of the arms; where people and "
    "not practices were put into groups, leave arm out of the table of clusters.",
)


def check(loaded: Loaded) -> None:
    """Report unlike time zeros, practices in two arms, and arms that tables disagree on."""
    _unlike_time_zeros(loaded)
    if not loaded.plan.arms:
        return
    trial = loaded.plan.design in CLUSTER_TRIALS
    if loaded.plan.design != "individual_trial":  # there a practice has both arms by design
        _tell_people(loaded, _in_split_practice(loaded), _IN_TRIAL if trial else _ELSEWHERE)
    _tell_people(loaded, _unlike_clusters_table(loaded), _NOT_ITS_ARM if trial else _UNLIKE)


def _unlike_time_zeros(loaded: Loaded) -> None:
    label = {arm.value: arm.label for arm in loaded.plan.arms}
    events = {zero.event for zero in loaded.plan.time_zero}
    if len(events) < 2:  # noqa: PLR2004
        return
    said = "; ".join(
        f"{label.get(zero.arm or '', zero.arm)}: {zero.event.replace('_', ' ')}"
        for zero in loaded.plan.time_zero
    )
    problem = f"time counts from different events in different groups ({said})"
    remedy = "The same month may then mean different things: say why, or use one event."
    tell_plainly(loaded, (Severity.WARNING, "SW65", problem, remedy))


def _in_split_practice(loaded: Loaded) -> NDArray[np.bool_]:
    people = loaded.people
    if people.cluster is None:
        return np.zeros(len(people), dtype=bool)
    known = (people.cluster >= 0) & (people.arm >= 0)
    held = np.zeros((people.cluster.max(initial=0) + 1, len(loaded.plan.groups)), dtype=bool)
    held[people.cluster[known], people.arm[known]] = True
    split: NDArray[np.bool_] = known & (held.sum(axis=1) > 1)[people.cluster]
    return split


def _unlike_clusters_table(loaded: Loaded) -> NDArray[np.bool_]:
    """Whether the clusters table has another arm for a person's practice."""
    wrong = np.zeros(len(loaded.people), dtype=bool)
    people, clusters = loaded.tables.get("people"), loaded.tables.get("clusters")
    if people is None or clusters is None or "arm" not in clusters.columns:
        return wrong
    known = {arm.value: i for i, arm in enumerate(loaded.plan.arms)}
    row: Places = positions(people.text("cluster"), index_of(clusters.text("cluster")))
    said = np.append(positions(clusters.text("arm"), known), -1)[row]
    person = person_of(loaded, people)
    usable = (person >= 0) & (said >= 0)
    wrong[person[usable]] = loaded.people.arm[person[usable]] != said[usable]
    return wrong


def _tell_people(loaded: Loaded, wrong: NDArray[np.bool_], told: Told) -> None:
    """Write down people, by their rows where there is a people file."""
    table = loaded.tables.get("people")
    if table is None and wrong.any():
        tell_plainly(loaded, told)
    elif table is not None:
        column = "cluster" if "cluster" in table.columns else "person"
        tell(loaded, table, column, np.append(wrong, False)[person_of(loaded, table)], told)
