"""Ways of adjusting a difference between two groups, each with the errors that fit it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.regressions import (
    columns_of,
    fit_people,
    method_of,
    of_contrast,
    reckoned,
    spread_of,
    unit,
)
from splw_eval.confounding.checks import finding, refuse
from splw_eval.core.errors import FitError
from splw_eval.models.person_rows import PersonRows
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.few_clusters.jackknife import (
    df_rule,
    groups_of_practices,
    jackknife_df,
    within_practices,
)
from splw_eval.stats.weighting.contrast import (
    Estimated,
    WeightKind,
    doubly_robust_contrast,
    group_weights,
    influence_error,
    standardised_contrast,
    varies,
    weighted_difference,
)
from splw_eval.stats.weighting.laid_out import lay_out
from splw_eval.stats.weighting.leave_out import leave_each_out
from splw_eval.stats.weighting.propensity import Target
from splw_eval.stats.weighting.without_each import WithoutEach

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = dict[str, Any]
Way = Literal["weighting", "entropy", "regression", "standardisation", "doubly_robust"]

WAYS = ("weighting", "entropy", "regression", "standardisation", "doubly_robust")
JACKKNIFE = "jackknife over practices, everything made anew"
CR2_KNOWN = "CR2 by practice, Satterthwaite df, weights as if known"
SUMMED = "influences summed by practice (narrow where practices are few), chances as if known"
ROBUST = "robust, people independent, normal, weights as if known"
BY_INFLUENCE = "influences, people independent, normal, chances as if known"


@dataclass(frozen=True, kw_only=True, eq=False)
class Adjuster:
    """Two groups of people, and whom the answer is to be about.

    Attributes
    ----------
    y : ndarray, shape (n,)
    treated : ndarray of bool, shape (n,)
    X : ndarray, shape (n, p)
        Without an intercept.
    rows : PersonRows
    target : str
    interact : ndarray of bool, shape (p,)
        Columns whose slopes may differ between the groups.
    conf_level : float
    """

    y: Array
    treated: Flags
    X: Array
    rows: PersonRows
    target: Target
    interact: Flags
    conf_level: float

    def unadjusted(self) -> Row:
        """Difference of plain means."""
        return self._regression(np.empty((len(self.y), 0)))

    def adjusted(self, way: str) -> Iterator[Row]:
        """Rows of one way of adjusting, the one to be told first at the front.

        Parameters
        ----------
        way : str

        Yields
        ------
        dict

        Raises
        ------
        ComparisonError
            It cannot be made, or not without one of the practices.
        """
        if way == "regression":
            yield {**self._regression(self.X[:, varies(self.X)]), "default": True}
            return
        practice = self.rows.cluster
        whole = self._estimated(way, self._everybody)
        if practice is None:
            error, words = self._of_people(way, whole)
            yield {**self._reckoned(whole.estimate, error, math.inf, words), "default": True}
            return
        yield {**self._jackknifed(way, whole.estimate, practice.codes), "default": True}
        if way in {"weighting", "entropy"}:
            yield self._weights_known(way, practice.codes)
            return
        sums = np.asarray(np.bincount(practice.codes, weights=whole.influence), dtype=float)
        error = influence_error(whole.influence, practice.codes)
        df, rule = self._df(sums, 0.0)
        yield self._reckoned(whole.estimate, error, df, f"{SUMMED}, {rule}")

    def weights(self, way: str, keep: Flags) -> tuple[Array, Array]:
        """Weights and chances of some rows.

        Parameters
        ----------
        way : str
        keep : ndarray of bool, shape (n,)

        Returns
        -------
        weights, chance : ndarray, shape (rows kept,)
        """
        kind: WeightKind = "entropy" if way == "entropy" else "propensity"
        if keep is not self._everybody:
            return group_weights(self.treated[keep], self.X[keep], self.target, kind)
        if kind not in self._made:
            self._made[kind] = group_weights(self.treated, self.X, self.target, kind)
        return self._made[kind]

    @cached_property
    def _everybody(self) -> Flags:
        return np.ones(len(self.y), dtype=bool)

    @cached_property
    def _made(self) -> dict[str, tuple[Array, Array]]:
        """Weights and chances of everybody, by kind."""
        return {}

    @cached_property
    def _spread(self) -> float:
        return spread_of(self.y)

    @cached_property
    def _groups(self) -> NDArray[np.int64]:
        """The group of each practice."""
        assert self.rows.cluster is not None
        return groups_of_practices(self.treated, self.rows.cluster.codes)

    @cached_property
    def _without(self) -> WithoutEach | None:
        """The short way of leaving practices out, where rows can be laid out for it."""
        assert self.rows.cluster is not None
        codes = self.rows.cluster.codes
        laid = lay_out(self.y, self.treated, self.X, codes, self.interact)
        return None if laid is None else WithoutEach(laid, self.target)

    def _df(self, values: Array, whole: float) -> tuple[float, str]:
        """Degrees of freedom from what practices add to the variance, and their rule."""
        assert self.rows.cluster is not None
        same = within_practices(self.X, self.rows.cluster.codes)
        df = jackknife_df(values, whole, self._groups, same)
        return df, df_rule(self._groups, same)

    def _estimated(self, way: str, keep: Flags) -> Estimated:
        y, treated, columns = self.y, self.treated, self.X
        if keep is not self._everybody:
            y, treated, columns = y[keep], treated[keep], columns[keep]
        if way in {"weighting", "entropy"}:
            return weighted_difference(y, treated, self.weights(way, keep)[0])
        if way == "doubly_robust":
            chance = self.weights(way, keep)[1]
            return doubly_robust_contrast(
                y, treated, columns, chance, self.target, interact=self.interact
            )
        return standardised_contrast(
            y, treated, columns, share=self._share(keep), interact=self.interact
        )

    def _share(self, keep: Flags) -> Array:
        """How much each person counts in the population of the target."""
        if self.target == "treated":
            return self.treated[keep].astype(float)
        if self.target == "everybody":
            return np.ones(int(keep.sum()))
        chance = self.weights("weighting", keep)[1]
        return np.asarray(chance * (1 - chance))

    def _regression(self, covariates: Array) -> Row:
        columns = columns_of(self.treated.astype(float), covariates)
        fit = fit_people(self.y, columns, self.rows.cluster)
        row = of_contrast(fit, unit(1, columns.shape[1]), self.conf_level, self._spread)
        return {"inference": method_of(self.rows.cluster), **row}

    def _of_people(self, way: str, whole: Estimated) -> tuple[float, str]:
        if way in {"weighting", "entropy"}:
            return float(np.linalg.norm(whole.influence)), ROBUST
        return influence_error(whole.influence), BY_INFLUENCE

    def _jackknifed(self, way: str, whole: float, practice: NDArray[np.int64]) -> Row:
        def estimate(keep: Flags) -> float:
            return self._estimated(way, keep).estimate

        try:
            short = () if self._without is None else self._without.estimates(way)
            found = leave_each_out(estimate, practice, whole=whole, without=short)
        except FitError as error:
            told = (error.message[:1].lower() + error.message[1:]).rstrip(".")
            remedy = error.remedy or "Use fewer covariates."
            refuse([finding("SF23", told, f'{remedy} Or take method="regression".')])
            raise
        df, rule = self._df(found.left_out, whole)
        return self._reckoned(whole, found.std_error, df, f"{JACKKNIFE}, {rule}")

    def _weights_known(self, way: str, practice: NDArray[np.int64]) -> Row:
        w = self.weights(way, self._everybody)[0]
        columns = columns_of(self.treated.astype(float))
        fit = fit_clusters(self.y, columns, practice, weights=w)
        return {
            "inference": CR2_KNOWN,
            **of_contrast(fit, [0.0, 1.0], self.conf_level, self._spread),
        }

    def _reckoned(self, estimate: float, error: float, df: float, inference: str) -> Row:
        row = reckoned(estimate, error, df, self.conf_level, self._spread)
        return {"inference": inference, **row}
