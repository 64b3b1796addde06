"""People followed over visits in two arms of clusters: from options to the precision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.power.cells.matrices import correlations, degrees_of_freedom, variance_parts
from splw_eval.power.cells.outcomes import outcome_of_cells
from splw_eval.power.cells.plans import ARMS, Followed
from splw_eval.power.cells.rows import Rows, clusters_of_sequences, rows_of
from splw_eval.power.cells.rules import Rules, satterthwaite_of_followed
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.cell_gls import variance_of_effect
from splw_eval.stats.power.visits_gls import (
    columns_of_contrast,
    precision_of_clusters,
    precision_of_people,
    precision_scattered,
)

_MOST_SCATTERED = 12  # visits, of which each pattern is counted


def followed(v: Values, times: NDArray[Any]) -> Followed:
    """Which visits are analysed, and what is estimated of them.

    Parameters
    ----------
    v : Values
    times : ndarray, shape (visits,)
        The first before the programme.

    Returns
    -------
    Followed
    """
    skipped = int(v.baseline == "none")
    used = times[skipped:]
    treatment = np.zeros((2, len(used)))
    treatment[0, 1 - skipped :] = 1
    columns, weights = columns_of_contrast(
        used,
        v.contrast or "last",
        constrained=v.baseline in ("ancova", "clda"),
        baseline=not skipped,
        change=v.baseline == "change",
    )
    first, second = (one[skipped:] for one in lost_by_visit(v, times))
    return Followed(
        times=used,
        dropout=(first, second),
        treatment=treatment,
        columns=np.stack([columns, 0 * columns]),
        weights=weights,
        from_visit=int(v.baseline == "ancova"),
    )


def lost_by_visit(v: Values, times: NDArray[Any]) -> tuple[Array, Array]:
    """Share lost by each visit, in the programme's arm and in the comparison."""
    first = _full(v.dropout, times)
    return first, first if v.dropout_control is None else _full(v.dropout_control, times)


def _full(lost: Array | None, times: Array) -> Array:
    """Shares of all visits; a single one is what is lost by the end, evenly over time."""
    if lost is None:
        return np.zeros(len(times))
    return lost * (times - times[0]) / (times[-1] - times[0]) if len(lost) == 1 else lost


def precision_of_followed(v: Values, plan: Followed) -> Precision:
    """Precision of a contrast of visits, with everyone who was seen.

    Parameters
    ----------
    v : Values
    plan : Followed

    Returns
    -------
    Precision
    """
    rows = rows_of(v, len(ARMS))
    outcome = outcome_of_cells(v, plan.treatment)
    inverse = _inverse_covariance(v, plan, rows, outcome.variance, outcome.comparison)
    variance = variance_of_effect(inverse, plan.columns[rows.sequence], rows.clusters, plan.weights)
    recruited = (rows.clusters * rows.sizes[..., 0]).sum(axis=-1)
    total = clusters_of_sequences(v, len(ARMS)).sum(axis=-1)
    return Precision(
        effect=outcome.effect,
        variance=variance,
        df=Rules(
            degrees_of_freedom(v, total),
            satterthwaite=lambda: satterthwaite_of_followed(v, plan, rows),
        ),
        parts={"patients": recruited, "seen_at_last_visit": _seen_last(plan, rows)},
    )


def _inverse_covariance(
    v: Values, plan: Followed, rows: Rows, spread: Array, comparison: Array
) -> Array:
    """Inverse covariance of the visits of one cluster of each row."""
    parts = variance_parts(v, spread, comparison)
    cluster, person = correlations(v, plan.times)
    within = parts.within * person[..., None, :, :]
    between = parts.between * cluster[..., None, :, :]
    each = [_person(v, plan, within, arm) for arm in range(len(ARMS))]
    people = np.stack(each, axis=-3)[..., rows.sequence, :, :] * rows.sizes[..., None]
    if between.shape[-3] == len(ARMS):
        between = between[..., rows.sequence, :, :]
    return precision_of_clusters(people, between)


def _person(v: Values, plan: Followed, within: Array, arm: int) -> Array:
    """Information of one person of an arm."""
    own = within[..., min(arm, within.shape[-3] - 1), :, :]
    if v.intermittent:
        return precision_scattered(own, plan.dropout[arm])
    return precision_of_people(own, plan.dropout[arm], from_visit=plan.from_visit)


def _seen_last(plan: Followed, rows: Rows) -> Array:
    left = 1 - np.array([one[-1] for one in plan.dropout])
    return np.asarray((rows.clusters * rows.sizes[..., 0] * left[rows.sequence]).sum(axis=-1))


def check_dropout(v: Values, visits: int) -> Iterator[Finding]:
    """What shares lost contradict."""
    for name in ("dropout", "dropout_control"):
        lost: NDArray[np.float64] | None = getattr(v, name)
        if lost is None:
            continue
        if len(lost) not in (1, visits):
            remedy = f"Give {visits}, one for each visit, or the one share lost by the end."
            yield finding("SZ05", name, f"has {len(lost)} shares", remedy)
        elif (np.diff(lost) < 0).any() and not v.intermittent:
            remedy = (
                "Give the share lost by each visit, all told; where people come back, "
                "--intermittent takes the share missed at each."
            )
            yield finding("SZ07", name, "falls, so that retention rises", remedy)
    if v.intermittent and visits > _MOST_SCATTERED:
        remedy = f"It is worked out for up to {_MOST_SCATTERED} visits."
        yield finding("SZ05", "intermittent", "has too many visits", remedy)
    if v.intermittent and v.baseline == "ancova":
        yield finding("SZ05", "intermittent", "goes with no ancova", "Use --baseline clda.")
