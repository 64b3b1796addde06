"""People: how many are in each arm, when they are seen, and what share is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.precision import Array

_ARMS = 2


def people_of_arms(v: Values) -> tuple[Array, Array]:
    """People recruited to the programme's arm and to the comparison.

    Parameters
    ----------
    v : Values

    Returns
    -------
    tuple of ndarray
    """
    if v.patients_arm is not None:
        return np.asarray(v.patients_arm[0]), np.asarray(v.patients_arm[1])
    ratio = np.asarray(1.0) if v.allocation is None else v.allocation
    total = np.asarray(v.patients)
    return total * ratio / (1 + ratio), total / (1 + ratio)


def share_out_people(total: float, v: Values) -> Mapping[str, float]:
    """People of each arm, of a total.

    Parameters
    ----------
    total : float
    v : Values

    Returns
    -------
    mapping of str to float
    """
    if v.patients_arm is not None:
        whole = float(np.sum(v.patients_arm))
        first, second = (total * float(n) / whole for n in v.patients_arm)
        return {"programme": first, "comparison": second}
    one, other = people_of_arms(v.changed(patients=total))
    return {"programme": float(np.max(one)), "comparison": float(np.max(other))}


def retained(lost: Array | None, times: Array, before: int = 1) -> Array:
    """Share of people still seen at each visit.

    Parameters
    ----------
    lost : ndarray or None
        Share lost by each visit, or by the last one alone: then it grows evenly with time.
    times : ndarray, shape (visits,)
    before : int
        Visits at which nobody has been lost.

    Returns
    -------
    ndarray, shape (visits,)
    """
    if lost is None:
        return np.ones(times.size)
    if lost.size == times.size:
        return np.asarray(1 - lost)
    start = times[before - 1] if before else min(0.0, float(times[0]))
    since = np.clip(times - start, 0.0, None)
    return np.asarray(1 - lost[-1] * since / since[-1])


def retained_of_arms(v: Values, times: Array, before: int = 1) -> tuple[Array, Array]:
    """Share of people still seen at each visit, in the programme's arm and the comparison.

    Parameters
    ----------
    v : Values
    times : ndarray, shape (visits,)
    before : int

    Returns
    -------
    tuple of ndarray, shape (visits,)
    """
    other = v.dropout if v.dropout_control is None else v.dropout_control
    return retained(v.dropout, times, before), retained(other, times, before)


def faults_of_people(v: Values) -> Iterator[Finding]:
    """What contradicts itself in the people of two arms.

    Parameters
    ----------
    v : Values

    Returns
    -------
    iterator of Finding
    """
    if v.patients_arm is not None and len(v.patients_arm) != _ARMS:
        yield finding(
            "SZ05", "patients_arm", "this design has two arms", "Give two, programme first: 60,30."
        )
    if v.patients_arm is not None and v.patients is not None:
        remedy = "Give the total, or the people of each arm."
        yield finding("SZ14", "patients_arm", "stands beside --patients", remedy)


def faults_of_visits(v: Values, visits: int) -> Iterator[Finding]:
    """What contradicts itself in times and in the shares lost.

    Parameters
    ----------
    v : Values
    visits : int

    Returns
    -------
    iterator of Finding
    """
    if v.visits is not None and (np.diff(v.visits) <= 0).any():
        yield finding("SZ05", "visits", "the times do not rise", "Give them in order: 0,3,12,18.")
    for name in ("dropout", "dropout_control"):
        lost = getattr(v, name)
        if lost is None:
            continue
        if lost.size not in (1, visits):
            problem = f"{lost.size} shares for {visits} visits"
            remedy = "Give one for each visit, 0 for the first, or the share lost at the end."
            yield finding("SZ05", name, problem, remedy)
        if (np.diff(lost) < 0).any():
            remedy = "Give cumulative shares: 0,0.15,0.2,0.25."
            yield finding("SZ07", name, "fewer are lost by a later visit", remedy)


def faults_of_one_visit(v: Values) -> Iterator[Finding]:
    """Shares lost of people who are seen once after the start: one, or 0 and one.

    Parameters
    ----------
    v : Values

    Returns
    -------
    iterator of Finding
    """
    for name in ("dropout", "dropout_control"):
        lost = getattr(v, name)
        if lost is None:
            continue
        if (np.diff(lost) < 0).any():
            yield finding("SZ07", name, "fewer are lost by a later visit", "Give one share: 0.2.")
        elif lost.size > _ARMS or (lost.size == _ARMS and lost[0] != 0):
            problem = f"{lost.size} shares for one visit after the start"
            yield finding("SZ05", name, problem, "Give the share lost by that visit: 0.2.")


def faults_of_counts(v: Values) -> Iterator[Finding]:
    """Counts of clusters and of their people that are missing, and not what is sought.

    Parameters
    ----------
    v : Values

    Returns
    -------
    iterator of Finding
    """
    counted = v.clusters is not None or v.clusters_arm is not None or v.sizes is not None
    sized = v.size is not None or v.sizes is not None
    seeking = "power" in v
    if not sized and not (seeking and counted and v.solve in (None, "size")):
        yield finding("SZ02", "size", "is missing", "Give the people recruited in each cluster.")
    if not counted and not (seeking and sized and v.solve in (None, "clusters")):
        yield finding("SZ02", "clusters", "is missing", "Give the number of clusters.")
