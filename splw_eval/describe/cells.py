"""Cells of a study: one outcome of one arm, with its people and how they are grouped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome
from splw_eval.data import Study
from splw_eval.stats import FEWEST_CLUSTERS, MeanFit, fit_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One outcome of one arm.

    Attributes
    ----------
    outcome : Outcome
    arm : str
        Label of the arm.
    scores : ndarray of float, shape (n, waves)
        Scores of everybody in the arm; NaN where there is none.
    due : ndarray of bool, shape (n, waves)
    groups : ndarray of int, shape (n,), or None
        By whom people are grouped for intervals.
    shared : ndarray of bool, shape (n,), or None
        Whether the group is a practice or link worker, not a person standing alone.
    grouped_by : str or None
        What the groups are, in words.
    maximum : ndarray of float, shape (n, waves), or None
        Highest possible score of each, NaN where there is no score; None where it is the top
        of the range for everybody.
    """

    outcome: Outcome
    arm: str
    scores: NDArray[np.float64]
    due: NDArray[np.bool_]
    groups: NDArray[np.int64] | None
    shared: NDArray[np.bool_] | None
    grouped_by: str | None
    maximum: NDArray[np.float64] | None = None

    def pair(self, code: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores at baseline and at a wave of those who have two that can be compared.

        Both are NaN for everybody else: also where the two are out of different highest scores.
        """
        start, now = self.scores[:, 0], self.scores[:, code]
        apart = np.isnan(start) | np.isnan(now)
        if self.maximum is not None:
            apart |= self.maximum[:, 0] != self.maximum[:, code]
        return np.where(apart, np.nan, start), np.where(apart, np.nan, now)

    def fit(self, values: NDArray[np.float64], who: NDArray[np.bool_]) -> MeanFit:
        """Mean of some people's values with its interval, grouped as the study is.

        Too few practices or link workers stay too few, however many people stand alone.
        """
        fit = fit_mean(values, None if self.groups is None else self.groups[who])
        seen = self.clusters(who)
        if seen is None or not 0 < seen < FEWEST_CLUSTERS or fit.conf_low is None:
            return fit
        none = f"none: fewer than {FEWEST_CLUSTERS} clusters"
        return replace(fit, std_error=None, df=None, conf_low=None, conf_high=None, method=none)

    def clusters(self, who: NDArray[np.bool_]) -> int | None:
        """Practices or link workers among some people; None where they are not known."""
        if self.groups is None or self.shared is None:
            return None
        return len(np.unique(self.groups[who & self.shared]))


def cells(study: Study) -> Iterator[Cell]:
    """Every outcome of every arm, in the plan's order."""
    found = grouping(study)
    for outcome in study.plan.outcomes:
        highest = study.maximum.get(outcome.name)
        for code, arm in enumerate(study.plan.groups):
            here = study.people.arm == code
            yield Cell(
                outcome=outcome,
                arm=arm,
                scores=study.scores[outcome.name][here],
                due=study.due[here],
                groups=None if found.groups is None else found.groups[here],
                shared=None if found.shared is None else found.shared[here],
                grouped_by=found.units,
                maximum=highest[here] if highest is not None else None,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """By whom people are grouped for intervals.

    Attributes
    ----------
    groups : ndarray of int, shape (people,), or None
        None where neither practice nor link worker is known.
    shared : ndarray of bool, shape (people,), or None
        False for somebody who stands alone.
    units : str or None
        ``practices``, ``link workers``, or both where some people have only a practice.
    sentence : str
        What the intervals allow for.
    """

    groups: NDArray[np.int64] | None
    shared: NDArray[np.bool_] | None
    units: str | None
    sentence: str


def grouping(study: Study) -> Grouping:
    """By whom people are grouped for intervals.

    The practice where it is known, or the link worker where the plan asks for it
    or nothing else is known. Somebody without a link worker is grouped by practice
    where that is known, and stands alone otherwise.
    """
    people, worker = study.people, study.people.link_worker
    asked = study.plan.interval_by == "link_worker" or people.cluster is None
    if worker is not None and asked:
        return _by_worker(worker, people.cluster)
    if people.cluster is not None:
        return Grouping(
            groups=people.cluster,
            shared=people.cluster >= 0,
            units="practices",
            sentence="Intervals allow for people of the same practice being alike.",
        )
    return Grouping(
        groups=None,
        shared=None,
        units=None,
        sentence="Intervals treat people as independent, because no file names their practice or "
        "link worker: if people of one practice are alike, the intervals are too narrow.",
    )


def _by_worker(worker: NDArray[np.int64], cluster: NDArray[np.int64] | None) -> Grouping:
    none, first_free = worker < 0, worker.max(initial=-1) + 1
    said = "Intervals allow for people of the same link worker being alike"
    if cluster is None:
        groups = worker.copy()
        groups[none] = first_free + np.arange(int(none.sum()))
        return Grouping(
            groups=groups,
            shared=~none,
            units="link workers",
            sentence=f"{said}; people without one are taken to be independent.",
        )
    return Grouping(
        groups=np.where(none, first_free + cluster, worker),
        shared=np.ones(len(worker), dtype=bool),
        units="link workers and practices" if none.any() else "link workers",
        sentence=f"{said}; people without one are grouped by practice.",
    )
