"""What a fit of estimating equations is, and the interval of any function of its coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design
from splw_eval.models.gee_families import Family
from splw_eval.models.gee_fit import GeeFit
from splw_eval.models.variables import Floats
from splw_eval.stats.gee_corrections import CorrectedFit, correct_sandwich
from splw_eval.stats.tails import t_critical, t_p_value


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GeeRecord:
    """Design, fit and choices of a marginal model.

    Attributes
    ----------
    design : Design
    family : Family
    bands : tuple
        Labels of the bands in order; empty for other families.
    names : tuple of str
        Of the coefficients; thresholds between bands ("mild|moderate") come first.
    fit : GeeFit
    clusters : int
        Units of allocation, by which the covariance is made.
    correction : str
    df_rule : str or float
        Degrees of freedom of every contrast, or ``satterthwaite``.
    conf_level : float
    notes : tuple of str
        Model, df rule, what was left out, what to beware of.
    """

    design: Design
    family: Family
    bands: tuple[Any, ...]
    names: tuple[str, ...]
    fit: GeeFit
    clusters: int
    correction: str
    df_rule: str | float
    conf_level: float
    notes: tuple[str, ...]

    def corrected(self, kind: str) -> CorrectedFit:
        """Covariance of the coefficients under one correction.

        Parameters
        ----------
        kind : str

        Returns
        -------
        CorrectedFit
        """
        return correct_sandwich(self.fit.pieces, kind)

    def inferred(
        self,
        corrected: CorrectedFit,
        row: Floats,
        estimate: float,
        *,
        scale: str = "identity",
        tested: bool = True,
    ) -> dict[str, float]:
        """Interval and test of a smooth function of the coefficients.

        Parameters
        ----------
        corrected : CorrectedFit
        row : ndarray, shape (p,)
            Its gradient, on the scale on which `estimate` is given.
        estimate : float
        scale : str
            ``identity``; ``ratio`` (`estimate` is a logarithm, and is raised to its
            exponential); ``log`` or ``logit`` (`estimate` is a mean or a chance, whose interval
            is made on that scale).
        tested : bool
            Whether zero is a hypothesis at all.

        Returns
        -------
        dict
        """
        error = math.sqrt(max(float(row @ corrected.vcov @ row), 0.0))
        df = self._df(corrected, row)
        statistic = estimate / error if tested and error > 0 else math.nan
        slope = {"log": estimate, "logit": estimate * (1 - estimate)}.get(scale, 1.0)
        reach = t_critical(df, self.conf_level) * error / slope if slope > 0 else math.nan
        low, high = _ends(estimate, reach, scale)
        raised = math.exp(estimate) if scale == "ratio" else estimate
        return {
            "estimate": raised,
            "std_error": error * raised if scale == "ratio" else error,
            "df": df,
            "statistic": statistic,
            "p_value": t_p_value(statistic, df),
            "conf_low": low,
            "conf_high": high,
            "n": self.design.person.count,
        }

    def _df(self, corrected: CorrectedFit, row: Floats) -> float:
        if not isinstance(self.df_rule, str):
            return self.df_rule
        df = corrected.satterthwaite_df(row)
        if df <= 0:
            raise FitError(
                "Satterthwaite's df cannot be worked out for this contrast.",
                remedy='Choose df="clusters-parameters".',
            )
        return df


def _ends(estimate: float, reach: float, scale: str) -> tuple[float, float]:
    """Ends of an interval made on its own scale."""
    if scale == "identity":
        return estimate - reach, estimate + reach
    if scale == "ratio":
        return math.exp(estimate - reach), math.exp(estimate + reach)
    if scale == "log":
        return estimate * math.exp(-reach), estimate * math.exp(reach)
    odds = estimate / (1 - estimate)
    low, high = odds * math.exp(-reach), odds * math.exp(reach)
    return low / (1 + low), high / (1 + high)
