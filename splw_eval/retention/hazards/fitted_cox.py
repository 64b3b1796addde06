"""A fitted hazard model: its tables, its tests, and what it foretells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from splw_eval.retention.hazards import cox_tables, cox_words, foretold
from splw_eval.retention.hazards.hazard_fit import VCOV, HazardFit

if TYPE_CHECKING:
    import pandas as pd


class FittedCox(HazardFit):
    """A proportional hazards model that was fitted to a data frame.

    Attributes
    ----------
    rows, fit, people, by, vcov, cause, left_out, conf_level
        As in `HazardFit`.
    """

    def __repr__(self) -> str:
        return f"<FittedCox: {next(cox_words.notes(self))}>"

    def __str__(self) -> str:
        return cox_words.text(self)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """Log hazard ratios and hazard ratios.

        Returns
        -------
        DataFrame
            ``term estimate std_error df statistic p_value conf_low conf_high n hazard_ratio
            hazard_ratio_low hazard_ratio_high events model_std_error``, with units also
            ``robust_std_error`` (the plain sandwich); n is people, or rows.
        """
        return cox_tables.coefficients(self)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Standard errors made in every way there is, side by side.

        Returns
        -------
        DataFrame
            ``term`` and one column for each of `VCOV`; missing where one cannot be made, or where
            leaving each out asks for more than 200 fits that nobody asked for.
        """
        return cox_tables.errors(self, VCOV)

    @cached_property
    def proportional_hazards(self) -> pd.DataFrame:
        """Score tests that the log hazard ratios do not change with time (1 - Kaplan-Meier).

        Returns
        -------
        DataFrame
            ``term statistic df p_value n events``, each term and then all together. That
            chi-square ignores practices, and is missing where weights are no whole numbers. With
            units of the error also ``f_statistic`` and ``p_by_practice`` or ``p_by_person``, which
            take these as independent: df above the line `df`, below it units less `df`.

        Raises
        ------
        FitError
            The model is one of the subdistribution, or the rows cannot tell.
        """
        return self.test_proportional_hazards()

    def test_proportional_hazards(self, transform: str = "km") -> pd.DataFrame:
        """Test that the log hazard ratios do not change with a function of time.

        Parameters
        ----------
        transform : str
            ``km``, ``identity``, ``rank`` or ``log``.

        Returns
        -------
        DataFrame
            As `proportional_hazards`.
        """
        return cox_tables.proportional(self, transform)

    @cached_property
    def baseline(self) -> pd.DataFrame:
        """Hazard of somebody with every covariate 0, or at its first level.

        Returns
        -------
        DataFrame
            ``stratum day cumulative_hazard std_error survival conf_low conf_high``; errors
            ignore practices, but where weights are no whole numbers they are robust, by practice
            or person. A stratum that nobody left has one row, on its last day.

        Raises
        ------
        FitError
            The model is one of the subdistribution.
        """
        return foretold.baseline(self)

    def predict_retention(
        self, rows: pd.DataFrame, days: float | Sequence[float] | None = None
    ) -> pd.DataFrame:
        """Foretell for new rows the share still engaged, or who have left for the cause.

        Parameters
        ----------
        rows : DataFrame
            With the columns of the covariates, which are taken to stand still.
        days : float, or sequence of float, optional
            By default all days on which anybody left.

        Returns
        -------
        DataFrame
            ``row stratum day estimate conf_low conf_high what``; rows are counted from 1. Limits
            as in `baseline`; a model of the subdistribution gives none.

        Raises
        ------
        FitError
            A column is missing or cannot be used, or the model is of one cause of several, whose
            hazard alone foretells no share.
        """
        return foretold.predicted(self, rows, days)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: rows, errors, what the ratios are and are not."""
        return tuple(cox_words.notes(self))

    def to_frame(self) -> pd.DataFrame:
        """The coefficients, as a copy."""
        return self.coefficients.copy()
