"""Rules of degrees of freedom, the dear ones worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import numpy as np

from splw_eval.power.cells.matrices import correlations, is_cohort, variance_parts
from splw_eval.power.cells.outcomes import outcome_of_cells
from splw_eval.power.cells.plans import ARMS, Followed
from splw_eval.power.cells.rows import Rows
from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.stats.power.satterthwaite import Pattern, Side, satterthwaite_df


class Rules(Mapping[str, Array]):
    """Degrees of freedom by rule, the default first.

    Parameters
    ----------
    known : mapping of str to ndarray
    **later
        Functions that work a rule out, by its name; called once, when it is asked for.
    """

    def __init__(self, known: Mapping[str, Array], **later: Callable[[], Array]) -> None:
        self._known, self._later = dict(known), later

    def __getitem__(self, name: str) -> Array:
        if name not in self._known:
            self._known[name] = self._later[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._later)))

    def __len__(self) -> int:
        return len(list(iter(self)))


def satterthwaite_of_followed(v: Values, plan: Followed, rows: Rows) -> Array:
    """Satterthwaite's degrees of freedom of a contrast of visits.

    Parameters
    ----------
    v : Values
    plan : Followed
    rows : Rows
        Sizes are of people recruited, one number for each row.

    Returns
    -------
    ndarray
    """
    sides = [_side(v, plan, rows, arm) for arm in range(len(ARMS))]
    weights = np.concatenate([np.zeros(len(plan.times)), plan.weights])
    less = np.asarray(0.0 if v.covariates is None else v.covariates)
    return np.asarray(satterthwaite_df(sides, weights) - less)


def _side(v: Values, plan: Followed, rows: Rows, arm: int) -> Side:
    outcome = outcome_of_cells(v, plan.treatment)
    parts = variance_parts(v, outcome.variance, outcome.comparison)
    cluster, person = correlations(v, plan.times)
    between, within = (_of_arm(one, arm) for one in (parts.between, parts.within))
    scale = np.ones((1, 1)) if v.sd_cluster is not None else within
    here = rows.sequence == arm
    visits = len(plan.times)
    return Side(
        clusters=rows.clusters[..., here],
        sizes=rows.sizes[..., here, 0],
        patterns=patterns(v, plan, arm),
        between=between * cluster,
        within=within * person,
        parts_between=[scale * one for one in _parts(cluster, v.cac, bool(v.decay))],
        parts_within=[
            within * one
            for one in _parts(person, v.iac if is_cohort(v) else None, bool(v.iac_decay))
        ],
        design=np.hstack([np.eye(visits), plan.columns[arm]]),
    )


def _of_arm(part: Array, arm: int) -> Array:
    return np.asarray(part[..., min(arm, part.shape[-3] - 1), :, :])


def _parts(correlation: Array, r: Array | None, decay: bool) -> list[Array]:
    """What is estimated: one variance, that of each time as well, or how fast it fades."""
    visits = correlation.shape[-1]
    if visits == 1 or r is None:
        return [correlation]
    if not decay:
        return [np.ones((visits, visits)), np.eye(visits)]
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.log(correlation) * correlation / np.asarray(r)[..., None, None]
    slope = np.where(np.isfinite(power), power, 0.0)
    return [correlation, slope]


def patterns(v: Values, plan: Followed, arm: int) -> list[Pattern]:
    """Which visits people of an arm are seen at, and how many of them."""
    lost, visits = plan.dropout[arm], len(plan.times)
    if not is_cohort(v):
        return [([one], 1 - lost[one]) for one in range(visits)]
    if v.intermittent:
        return [
            (np.flatnonzero(seen).tolist(), float(np.prod(np.where(seen, 1 - lost, lost))))
            for seen in map(np.array, product((False, True), repeat=visits))
            if seen.any()
        ]
    leavers = np.diff(np.append(lost, 1.0))
    return [(list(range(one + 1)), leavers[one]) for one in range(plan.from_visit, visits)]
