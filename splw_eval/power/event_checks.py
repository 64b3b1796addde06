"""What is wrong with a trial of a time to an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.people import faults_of_one_visit


def with_start(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options with the share at the start, 1 at time 0, where it was left out.

    Parameters
    ----------
    given : mapping

    Returns
    -------
    dict
    """
    told = dict(given)
    kept, times = told.get("retention"), told.get("visits")
    if kept is None or times is None or kept[0] == 1:
        return told
    lost = told.get("dropout")
    if len(times) == len(kept) and times[0] > 0:
        told["visits"] = np.r_[0.0, times]
        if lost is not None and len(lost) == len(times) > 1:
            told["dropout"] = np.r_[0.0, lost]
    elif len(times) != len(kept) + 1:
        return told
    told["retention"] = np.r_[1.0, kept]
    return told


def check_events(v: Values) -> Iterator[Finding]:
    """What contradicts itself, or is missing.

    Parameters
    ----------
    v : Values

    Yields
    ------
    Finding
    """
    yield from _of_the_ratio(v)
    yield from _of_the_events(v)
    yield from _of_time(v)
    yield from _of_clusters(v)


def _of_the_ratio(v: Values) -> Iterator[Finding]:
    if v.rate1 is not None and v.rate0 is None:
        yield finding("SZ02", "rate0", "is missing", "Give the comparison arm's hazard.")
    if v.hr is not None and v.rate1 is not None:
        yield finding("SZ14", "hr", "and --rate1 tell the same twice", "Give one of them.")
    if v.hr is not None and (np.asarray(v.hr) == 1).any() and v.solve != "mde" and "power" in v:
        problem = "is 1, which no number of people can tell from 1"
        yield finding("SZ03", "hr", problem, "Give the ratio to be detected, such as 0.7.")


def _of_the_events(v: Values) -> Iterator[Finding]:
    told = [name for name in ("p0", "p_event", "rate0", "retention") if name in v]
    if len(told) > 1:
        yield finding("SZ14", told[0], "the events are told more than once", "Give one of them.")
    if not told and v.events is None and v.solve != "events":
        yield finding(
            "SZ02",
            "p0",
            "how many have the event is missing",
            "Give --p0, --p-event, --rate0 with --duration, or --retention with --visits; or ask"
            " for the number of events alone: --solve events.",
        )
    if v.p1 is not None and v.p0 is None:
        yield finding("SZ02", "p0", "is missing", "Give the comparison arm's share.")
    if v.formula == "lachin-foulkes" and (not told or "p_event" in told):
        problem = "by Lachin and Foulkes needs the events of each arm"
        yield finding("SZ02", "formula", problem, "Give --rate0, --retention or --p0.")
    if v.events is not None and v.patients is not None:
        yield finding("SZ14", "events", "and --patients tell the same twice", "Give one of them.")


def _of_time(v: Values) -> Iterator[Finding]:
    if v.rate0 is not None and v.duration is None and v.visits is None:
        yield finding("SZ02", "duration", "is missing", "Give the length of the study.")
    if v.duration is not None and v.accrual is not None and (v.accrual > v.duration).any():
        problem = "is longer than the study"
        yield finding("SZ05", "accrual", problem, "It is the first part of --duration.")
    if v.retention is not None:
        yield from _of_retention(v)
    if v.visits is not None and (np.diff(v.visits) <= 0).any():
        yield finding("SZ03", "visits", "do not rise", "Give times in order: 0,3,12,18.")
    if v.dropout is not None and (np.diff(v.dropout) < 0).any():
        yield finding("SZ07", "dropout", "retention rises", "Give cumulative shares.")
    elif v.dropout is not None and v.visits is None:
        yield from faults_of_one_visit(v)
    elif v.dropout is not None and len(v.dropout) not in (1, len(v.visits)):
        remedy = "Give one for each visit, 0 for the first, or the share lost at the end."
        problem = f"{len(v.dropout)} shares for {len(v.visits)} visits"
        yield finding("SZ05", "dropout", problem, remedy)


def _of_retention(v: Values) -> Iterator[Finding]:
    if v.visits is None or len(v.visits) != len(v.retention):
        remedy = "Give as many: --visits 0,3,12,18 --retention 1,0.8,0.7,0.6."
        yield finding("SZ02", "visits", "do not match --retention", remedy)
    elif v.retention[0] != 1:
        yield finding("SZ03", "retention", "is not 1 at the first visit", "Start with 1.")
    if (np.diff(v.retention) > 0).any():
        yield finding("SZ07", "retention", "rises", "Nobody comes back before the event.")


def _of_clusters(v: Values) -> Iterator[Finding]:
    if v.icc is not None and v.sd_cluster is not None:
        problem = "and --sd-cluster both widen the answer"
        yield finding("SZ14", "icc", problem, "Take the design effect, or the frailty.")
    of_clusters = "clusters" in v or "size" in v or v.solve == "clusters"
    if of_clusters and v.icc is None and v.sd_cluster is None:
        problem = "or --sd-cluster is missing: clusters would not matter at all"
        yield finding("SZ02", "icc", problem, "Give either; --icc 0 says that they do not.")
    if v.icc is not None and v.size is None and (v.patients is None or v.clusters is None):
        yield finding("SZ02", "size", "is missing", "Give the people of each cluster.")
    if v.sd_cluster is not None and v.clusters is None and v.solve != "clusters":
        yield finding("SZ02", "clusters", "is missing", "Give the number of clusters.")
    if v.clusters is not None and v.size is None and v.patients is None and _counted(v):
        yield finding("SZ02", "size", "is missing", "Give the people of each cluster.")
    if all(name in v for name in ("clusters", "size", "patients")) and _apart(v):
        remedy = "Give two of --clusters, --size and --patients."
        yield finding("SZ14", "patients", "are not the clusters times their size", remedy)
    if v.cv is not None and v.icc is None:
        yield finding("SZ05", "cv", "goes with --icc", "Give --icc, or leave it out.")


def _apart(v: Values) -> bool:
    return bool((np.abs(v.clusters * v.size - v.patients) > v.clusters).any())


def _counted(v: Values) -> bool:
    """Whether people must be known from the clusters."""
    return v.events is None and v.solve not in ("events", "patients")
