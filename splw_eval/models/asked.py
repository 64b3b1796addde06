"""What can be asked of a fitted mixed model beside its tables: rows, practices, other methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from splw_eval.models import (
    ancova,
    disagreement,
    influence,
    prediction,
    residuals,
    side_by_side,
    simulation,
)
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.variables import Floats

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd


class AskedModel(FitRecord):
    """A fitted model that answers questions of rows, practices and methods."""

    def predict(
        self,
        new: pd.DataFrame | None = None,
        *,
        interval: str | None = "confidence",
        include: str = "fixed",
        conf_level: float | None = None,
    ) -> pd.DataFrame:
        """Give the outcome that the model expects of rows.

        Parameters
        ----------
        new : DataFrame, optional
            Rows with the columns of the fixed part; for predictions also the wave, and with
            `include` the cluster and the person. By default the rows that were used.
        interval : str or None
            ``confidence``: of what is expected; ``prediction``: of one new outcome; None: no
            interval.
        include : str
            ``fixed``: people like these, of any practice. ``clusters``: adds the best prediction
            of practices that the model knows. ``people``: adds that of people, too: the
            expected value of another outcome of this person. Under a covariance without a
            residual of its own (all but ``compound_symmetry`` and ``intercept_slope``) that is
            the outcome itself at a wave that was seen.
        conf_level : float, optional
            By default that of the model.

        Returns
        -------
        DataFrame
            One row for each of `new`, under its index (by default positions in the frame,
            counted from 0): ``estimate std_error df conf_low conf_high`` in units of the outcome,
            NaN where a covariate is missing; with `include` also ``known``, whether the model
            knows that practice or person. Others get what is known: the fixed part, or the
            practice.

        Raises
        ------
        FitError
            A column is missing, or holds a level that the model has not seen.

        Notes
        -----
        The degrees of freedom follow the model's rule; those of a new outcome are
        Satterthwaite's of the sum of its variances. Where practices or people are included, the
        standard error is that of the prediction (with the covariance taken as known), and the
        degrees of freedom are those of the same row without them.

        Sources
        -------
        Henderson 1975, Biometrics 31:423. As lme4's predict() of a compound symmetry in
        practices, and mmrm's of an unstructured covariance.
        """
        return prediction.predict(
            self, new, interval=interval, include=include, conf_level=conf_level
        )

    def simulate(
        self, draws: int, *, seed: int | np.random.Generator, include_uncertainty: bool = False
    ) -> Floats:
        """Draw outcomes from the model on the rows that were used.

        Parameters
        ----------
        draws : int
        seed : int or Generator
        include_uncertainty : bool
            Draw coefficients anew each time, from a normal distribution about their estimates
            with their model-based covariance. The covariance of outcomes stays as estimated.

        Returns
        -------
        ndarray, shape (rows, draws)
            In units of the outcome, in the order of ``design.rows``.

        Raises
        ------
        FitError
            `draws` is not positive.
        """
        return simulation.simulate(self, draws, seed=seed, include_uncertainty=include_uncertainty)

    def residuals(self, kind: str = "scaled") -> pd.DataFrame:
        """Outcomes less what the model expects of them.

        Parameters
        ----------
        kind : str
            ``marginal``: less the fixed part. ``conditional``: less the best prediction of the
            practice too. ``scaled``: conditional, and with each person's covariance taken away
            (L^-1 r with L L' = Sigma of the waves seen): like independent draws from a standard
            normal distribution if the model holds; the first wave seen alone, each later one
            given those before.

        Returns
        -------
        DataFrame
            ``row`` (position in the frame, counted from 0), ``wave`` (where there are waves),
            ``value``. No identifiers.

        Raises
        ------
        FitError
            There is no such kind.

        Sources
        -------
        Fitzmaurice, Laird & Ware 2011, Applied Longitudinal Analysis, chapter 10; as the
        normalised residuals of nlme.
        """
        return residuals.residuals(self, kind)

    def influence(
        self,
        what: str | Mapping[str, float] = "difference",
        *,
        waves: Sequence[Any] | None = None,
        at: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Estimate a contrast again without one practice, for each in turn.

        Parameters
        ----------
        what, waves, at
            As in `contrast`.

        Returns
        -------
        DataFrame
            ``left_out`` (the practice), ``people`` (of it), ``term estimate std_error df conf_low
            conf_high`` without it, ``change`` (of the estimate, in standard errors of the whole
            model's), ``note`` (why there is no estimate). Everything is estimated anew, the
            covariance too.

        Raises
        ------
        FitError
            The model names no clusters.
        """
        return influence.influence(self, what, waves=waves, at=at)

    def side_by_side(
        self,
        what: str | Mapping[str, float] = "difference",
        *,
        waves: Sequence[Any] | None = None,
        at: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Give a contrast by every method.

        Parameters
        ----------
        what, waves, at
            As in `contrast`.

        Returns
        -------
        DataFrame
            ``term method estimate std_error df statistic p_value conf_low conf_high n``. Methods:
            the model's standard error with the normal distribution (``model, z``); Satterthwaite
            and Kenward-Roger, where a variance is estimated as zero under both rules of the
            boundary; ``between-within``; ``CR2`` and ``CR3`` with Satterthwaite's degrees of
            freedom, by cluster (by person where there are none); for differences of two arms
            of whole practices a t test of the practices' means, which adjusts for no covariate.
            ``attrs["notes"]`` says which method gave no answer, and why.
        """
        return side_by_side.side_by_side(self, what, waves=waves, at=at)

    def disagreement(
        self,
        what: str | Mapping[str, float] = "difference",
        *,
        waves: Sequence[Any] | None = None,
        at: Mapping[str, Any] | None = None,
    ) -> tuple[str, ...]:
        """Say where the methods of `side_by_side` disagree, and which to believe.

        Parameters
        ----------
        what, waves, at
            As in `contrast`.

        Returns
        -------
        tuple of str
            A sentence for each contrast of which one interval excludes 0 and another does not,
            or of which one is more than 1.5 times as wide as another, then advice; one sentence
            where they agree.
        """
        return disagreement.disagreement(
            self, side_by_side.side_by_side(self, what, waves=waves, at=at)
        )

    @cached_property
    def at_boundary(self) -> pd.DataFrame:
        """Intervals by every rule of the boundary, where a variance is estimated as zero.

        Returns
        -------
        DataFrame
            As `side_by_side`, for each coefficient and for differences between arms: the model's
            rule with that variance kept and without it (conditional), and between-within
            (clusters less 2, in a trial of two arms). Where only a whole covariance is singular
            both rules of the boundary are one. Empty where nothing is on a boundary.
        """
        return side_by_side.at_boundary(self)

    def ancova(self) -> Self:
        """Fit an analysis of covariance of the waves after the first.

        Returns
        -------
        FittedMixedModel
            Of later outcomes on the same fixed part and, each by wave, the person's own outcome
            at the first wave less its mean in the practice, and that mean (over all of the
            practice who have one) less the mean of everybody: two slopes, as people and
            practices may differ in them. Without practices, or where some people have none, on
            the person's own baseline alone, less the mean of everybody. The same covariance
            options. People without a baseline or without follow-up are left out, and counted
            in `baseline_counts`.

        Raises
        ------
        FitError
            There is one wave, or nobody has both.
        ModelError
            What is left does not carry the model.
        """
        made = ancova.ancova(self)
        return type(self)(spec=made.spec, design=made.design, fit=made.fit)

    @cached_property
    def baseline_counts(self) -> pd.DataFrame:
        """Who is in this model, in changes from baseline, and in the analysis of covariance.

        Returns
        -------
        DataFrame
            ``analysis people left_out without_baseline without_follow_up practices``: people with
            an outcome that are used and not used, and of all of them those without an outcome
            at the first wave and without any later one.

        Raises
        ------
        FitError
            There is one wave.
        """
        return ancova.baseline_counts(self)
