"""A fitted mixed model: its tables, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.models import contrasts, margins, summaries, words
from splw_eval.models.asked import AskedModel
from splw_eval.models.estimates import estimates

if TYPE_CHECKING:
    import pandas as pd


class FittedMixedModel(AskedModel):
    """A linear mixed model that was fitted to a data frame.

    Attributes
    ----------
    spec : Specification
        As it was asked for.
    design : Design
        Rows that it used.
    fit : ModelFit
        The engine's answer.
    """

    def __repr__(self) -> str:
        return f"<FittedMixedModel: {words.model_line(self)}>"

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients of the fixed part.

        Returns
        -------
        DataFrame
            ``term estimate std_error df statistic p_value conf_low conf_high n``; n is people.
        """
        names = self.design.names
        return estimates(self, np.eye(len(names)), names, self.design.person.count)

    @cached_property
    def variance_parameters(self) -> pd.DataFrame:
        """Parameters of the covariance.

        Returns
        -------
        DataFrame
            ``parameter estimate std_error on_boundary``; no standard error on the boundary, nor
            in a covariance that is singular.
        """
        return summaries.variance_parameters(self)

    @cached_property
    def icc(self) -> pd.DataFrame:
        """Intraclass correlations and cluster autocorrelation, for the next sample size.

        Returns
        -------
        DataFrame
            ``measure estimate conf_low conf_high clusters method``; intervals by profile
            likelihood. Without rows where there are no clusters.
        """
        return summaries.icc(self)

    @property
    def log_likelihood(self) -> float:
        """Log likelihood; restricted (REML) with the constants of lme4 where `reml`."""
        return float(-self.fit.deviance[0] / 2)

    @cached_property
    def information_criteria(self) -> pd.DataFrame:
        """AIC, AICc and BIC, counted as lme4 does.

        Returns
        -------
        DataFrame
            ``criterion value parameters n``; no value where the search did not end.
        """
        return summaries.information_criteria(self)

    @cached_property
    def convergence(self) -> summaries.Convergence:
        """How the search ended, in numbers and in words."""
        return summaries.convergence(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: rows left out, method, df rule, limits."""
        return words.notes(self)

    @cached_property
    def in_words(self) -> str:
        """The model as a paragraph for a methods section."""
        return words.model_paragraph(self)

    def marginal_means(
        self,
        by: Sequence[str] | None = None,
        *,
        at: Mapping[str, Any] | None = None,
        weights: str = "equal",
    ) -> pd.DataFrame:
        """Means that the model expects, for example of each arm at each wave.

        Parameters
        ----------
        by : sequence of str, optional
            Columns of the formula; by default the arm and the wave.
        at : mapping of str to object, optional
            Values of other columns. By default numbers stand at their mean over the rows; but
            a column that is constant within each wave (its square, a season), or within each
            cell of `by` and `at`, takes the value of that cell.
        weights : str
            Over the levels of other columns of categories: ``equal``, as emmeans, or
            ``observed``, as often as they occur.

        Returns
        -------
        DataFrame
            The columns of `by`, then ``estimate std_error df statistic p_value conf_low
            conf_high n``; n is people with an outcome in that cell.

        Raises
        ------
        FitError
            A column is not in the formula, or is named twice; a value is none of its column; no
            row shows what a column that goes with others is in a cell.
        """
        return margins.marginal_means(self, by, at=at, weights=weights)

    def contrast(
        self,
        what: str | Mapping[str, float] = "difference",
        *,
        waves: Sequence[Any] | None = None,
        at: Mapping[str, Any] | None = None,
        df: str | None = None,
        boundary: str | None = None,
    ) -> pd.DataFrame:
        """Compare marginal means.

        Parameters
        ----------
        what : str or mapping
            ``difference``: of the arms, at each wave. ``change``: from the first wave, in each
            arm. ``difference in change``: of the arms. ``mean`` and ``mean change``: the
            same, averaged over waves. ``slope`` and ``difference in slope``: per unit of the
            waves' numbers, by least squares through the marginal means. A mapping of terms to
            weights is a contrast of your own.
        waves : sequence, optional
            Waves to look at; by default all, or all but the first where it is compared with.
        at : mapping, optional
            As in `marginal_means`.
        df, boundary : str, optional
            Other rules than those of the model.

        Returns
        -------
        DataFrame
            The house's columns; `term` says what is compared.

        Raises
        ------
        FitError
            The model has no arm or no wave, a word is not known, the arms to be compared were
            fitted as a dose (a plain number of three or more values), or no row shows what a
            column that goes with arm and wave is in a cell.
        """
        return contrasts.contrast(self, what, waves=waves, at=at, df=df, boundary=boundary)

    def test(
        self, terms: str | Sequence[str] | None = None, *, df: str | None = None
    ) -> pd.DataFrame:
        """Test that all coefficients of a term are zero.

        Parameters
        ----------
        terms : str or sequence of str, optional
            As the formula writes them; several are tested together. By default each term by
            itself.
        df : str, optional

        Returns
        -------
        DataFrame
            ``term statistic df1 df2 p_value n``; the statistic is a scaled F.

        Raises
        ------
        FitError
            The formula has no such term.
        """
        return contrasts.test_terms(self, terms, df=df)
