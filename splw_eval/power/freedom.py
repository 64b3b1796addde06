"""Degrees of freedom of two arms of clusters that are each measured once, by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from splw_eval.power.cells.rules import Rules
from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.stats.power.nested import welch_df
from splw_eval.stats.power.satterthwaite import Side, satterthwaite_df
from splw_eval.stats.power.size_nodes import size_nodes

_COLUMNS = np.array([[1.0, 1.0], [1.0, 0.0]])  # a mean, and what the programme adds to it
_MOST = 1 - 1e-9
_ARMS = 2


def has_own_variances(v: Values) -> bool:
    """Whether the arms differ in standard deviation or in ICC, so that each has its own."""
    return v.sd_control is not None or v.icc_control is not None


def rules_of_arms(
    v: Values,
    variances: Sequence[Array],
    clusters: Sequence[Array],
    sizes: Sequence[Array],
    iccs: Sequence[Array],
    lists: Sequence[Array] | None,
    *,
    one_spread: bool,
) -> Mapping[str, Array]:
    """Degrees of freedom of the difference between two arms.

    Parameters
    ----------
    v : Values
    variances : sequence of ndarray
        What each arm adds to the variance of the difference.
    clusters, sizes, iccs : sequence of ndarray
        Of each arm, as analysed.
    lists : sequence of ndarray or None
        Actual sizes of each arm.
    one_spread : bool
        Whether the model has one variance between clusters and one within, for both arms.

    Returns
    -------
    mapping of str to ndarray
        ``k-2`` and, of a model of one spread, ``satterthwaite``: of that very model, with one
        random intercept. Where arms have variances of their own it is ``welch``.
    """
    less = np.asarray(0.0 if v.covariates is None else v.covariates)
    plain = np.asarray(clusters[0] + clusters[1] - _ARMS - less)
    if not one_spread:
        each = [np.maximum(k - 1 - less / 2, 0.0) for k in clusters]
        return {"k-2": plain, "welch": welch_df(variances[0], variances[1], each[0], each[1])}

    def of_the_model() -> Array:
        rho = np.minimum(np.asarray(iccs[0] + iccs[1]) / 2, _MOST)[..., None, None]
        sides = [
            _side(v, clusters[arm], sizes[arm], rho, None if lists is None else lists[arm], arm)
            for arm in range(_ARMS)
        ]
        found = satterthwaite_df(sides, np.array([0.0, 1.0])) - less
        return np.asarray(np.where(plain > 0, found, 0.0))

    return Rules({"k-2": plain}, satterthwaite=of_the_model)


def _side(
    v: Values, clusters: Array, size: Array, rho: Array, listed: Array | None, arm: int
) -> Side:
    nodes, shares = size_nodes(0.0 if v.cv is None else v.cv)
    if listed is not None:
        nodes, shares = listed / listed.mean(), np.full(len(listed), 1 / len(listed))
    one = np.ones((1, 1))
    return Side(
        clusters=np.asarray(clusters)[..., None] * shares,
        sizes=np.asarray(size)[..., None] * nodes,
        patterns=[([0], 1.0)],
        between=rho * one,
        within=(1 - rho) * one,
        parts_between=[one],
        parts_within=[one],
        design=_COLUMNS[[arm]],
    )
