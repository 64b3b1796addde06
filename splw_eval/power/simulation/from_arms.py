"""Trials of two arms measured once after, and of one arm before and after, made ready to draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from splw_eval.power.arms import Arms, arms_of
from splw_eval.power.design import Values
from splw_eval.power.designs.parallel import clusters_of_arms, recruited_of_arms
from splw_eval.power.outcomes import second_proportion
from splw_eval.power.simulation.fitted_models import fitted_model
from splw_eval.power.simulation.trial import Trial
from splw_eval.power.simulation.whole_numbers import whole_clusters
from splw_eval.stats.cell_models.cells import Floats
from splw_eval.stats.mixed.covariance_model import CovarianceModel

ARMS = ("programme", "comparison")
_TREATED = np.array([[1.0], [0.0]])


def of_parallel(v: Values) -> Trial:
    """Two arms of clusters, each person measured once."""
    kept = 1.0 if v.cluster_loss is None else 1 - float(v.cluster_loss)
    counts, said = whole_clusters(np.array([float(k) * kept for k in clusters_of_arms(v)]))
    each = [float(m) for m in recruited_of_arms(v)]
    sizes = np.repeat(each, counts)
    if v.sizes is not None and np.ravel(v.sizes).size == counts.sum():
        sizes = np.ravel(v.sizes)
    return measured_once(
        v,
        arms_of(v),
        clusters=counts,
        sizes=sizes,
        clustered=(True, True),
        model=fitted_model(1, people="compound_symmetry", clusters="intercept"),
        notes=said,
    )


def measured_once(
    v: Values,
    arms: Arms,
    *,
    clusters: Any,
    sizes: Floats,
    clustered: tuple[bool, bool],
    model: CovarianceModel,
    notes: tuple[str, ...] = (),
) -> Trial:
    """Two arms, each person measured once."""
    lost = lost_at_the_end(v)
    s2 = np.array([float(one) for one in arms.variances])
    rho = np.array([float(one) for one in arms.iccs]) * np.array(clustered)
    proportions = None
    if arms.outcome.scale == "proportion":
        proportions = np.array([float(second_proportion(v)), float(v.p0)])
    effect = float(arms.outcome.effect)
    base = np.zeros(2) if proportions is None else np.full(2, proportions[1])
    return Trial(
        arms=ARMS,
        clusters=np.asarray(clusters),
        treatment=_TREATED,
        sizes=np.asarray(sizes, dtype=np.float64)[:, None],
        cv=0.0 if v.cv is None else float(v.cv),
        cohort=True,
        lost=lost[:, None],
        sigma=(s2 * (1 - rho))[:, None, None],
        group=np.arange(2),
        g=(s2 * rho)[:, None, None],
        cluster_group=np.arange(2),
        mean=(base + np.array([effect, 0.0]))[:, None],
        x=np.array([[[1.0, 1.0]], [[1.0, 0.0]]]),
        row=np.array([0.0, 1.0]),
        effect=effect,
        weights=np.ones(1),
        before=0,
        start="none",
        model=model,
        df={},
        proportions=proportions,
        notes=notes,
    )


def lost_at_the_end(v: Values) -> Floats:
    """Share of each arm that is lost by the end."""
    lost = 0.0 if v.dropout is None else float(v.dropout[-1])
    return np.array([lost, lost if v.dropout_control is None else float(v.dropout_control[-1])])


def of_pre_post(v: Values) -> Trial:
    """One group before and after: the changes of its people."""
    between, within = _changes(v)
    clustered = v.clusters is not None
    effect = float(v.diff) if v.diff is not None else float(v.d) * _sd(v)
    lost = 0.0 if v.dropout is None else float(v.dropout[-1])
    count, size = (int(v.clusters), float(v.size)) if clustered else (1, float(v.patients))
    clusters = "intercept" if clustered else "none"
    return Trial(
        arms=("programme",),
        clusters=np.array([count]),
        treatment=np.ones((1, 1)),
        sizes=np.full((count, 1), size),
        cv=0.0 if v.cv is None else float(v.cv),
        cohort=True,
        lost=np.array([[lost]]),
        sigma=np.array([[[within]]]),
        group=np.zeros(1, dtype=np.int64),
        g=np.array([[[between]]]),
        cluster_group=np.zeros(1, dtype=np.int64),
        mean=np.array([[effect]]),
        x=np.ones((1, 1, 1)),
        row=np.ones(1),
        effect=effect,
        weights=np.ones(1),
        before=0,
        start="change",
        model=fitted_model(1, people="compound_symmetry", clusters=clusters),
        df={},
        notes=("Each person's change is drawn, and analysed as one number.",),
    )


def _sd(v: Values) -> float:
    return 1.0 if v.sd is None else float(v.sd)


def _changes(v: Values) -> tuple[float, float]:
    """Variance of changes between clusters and within."""
    rho = 0.0 if v.icc is None else float(v.icc)
    if v.sd_change is not None:
        whole = float(v.sd_change) ** 2
        return whole * rho, whole * (1 - rho)
    before = _sd(v)
    after = before if v.sd_post is None else float(v.sd_post)

    def of_change(correlation: float) -> float:
        return before**2 + after**2 - 2 * correlation * before * after

    cac = 1.0 if v.cac is None else float(v.cac)
    return rho * of_change(cac), (1 - rho) * of_change(float(v.iac))
