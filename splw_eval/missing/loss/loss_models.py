"""Models of being lost: differences in share, or odds ratios, with practices as units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.gee_corrections import CorrectedFit, correct_sandwich, exchangeable_pieces
from splw_eval.stats.tails import f_p_value, t_critical, t_p_value
from splw_eval.stats.weighting.propensity import fit_propensity

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
SCALES = ("share", "odds")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossModel:
    """A fitted model of being lost.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Shares, or logarithms of odds.
    corrected : CorrectedFit
        Kauermann and Carroll's covariance; for shares it is CR2.
    scale : str
    n : int
    """

    beta: Array
    corrected: CorrectedFit
    scale: str
    n: int

    def row(self, place: int, conf_level: float) -> dict[str, Any]:
        """Estimate and inference of one column.

        Parameters
        ----------
        place : int
        conf_level : float

        Returns
        -------
        dict
            Odds ratios have the error of the ratio, and limits made on the log scale.
        """
        unit = np.eye(len(self.beta))[place]
        estimate = float(self.beta[place])
        error = math.sqrt(max(float(self.corrected.vcov[place, place]), 0.0))
        df = self.corrected.satterthwaite_df(unit)
        usable = df > 0 and error > 0
        statistic = estimate / error if usable else math.nan
        reach = t_critical(df, conf_level) * error if usable else math.nan
        ends = (estimate - reach, estimate + reach)
        ratio = math.exp(estimate) if self.scale == "odds" else None
        return {
            "estimate": estimate if ratio is None else ratio,
            "std_error": error if ratio is None else error * ratio,
            "df": df,
            "statistic": statistic,
            "p_value": t_p_value(statistic, df) if usable else math.nan,
            "conf_low": ends[0] if ratio is None else math.exp(ends[0]),
            "conf_high": ends[1] if ratio is None else math.exp(ends[1]),
            "n": self.n,
        }


def fit_loss(lost: Array, x: Array, unit: Codes, scale: str) -> LossModel:
    """Fit one model of being lost.

    Parameters
    ----------
    lost : ndarray, shape (n,)
        1 for lost, 0 for measured.
    x : ndarray, shape (n, p)
        With a column of ones first.
    unit : ndarray of int, shape (n,)
        Practices, or people, as codes from 0, each of them used.
    scale : {"share", "odds"}

    Returns
    -------
    LossModel

    Raises
    ------
    FitError
        Columns depend on each other, or on the scale of odds they tell who was lost.

    Notes
    -----
    Working independence; Satterthwaite's df. Sources: Kauermann & Carroll 2001, JASA 96:1387;
    Bell & McCaffrey 2002, Survey Methodology 28:169.
    """
    if scale == "odds":
        fit = fit_propensity(lost, x)
        spread = fit.chance * (1 - fit.chance)
        pieces = exchangeable_pieces(x * spread[:, None], lost - fit.chance, spread, unit)
        beta = fit.beta
    else:
        found, _, rank, _ = np.linalg.lstsq(x, lost, rcond=None)
        beta = np.asarray(found, dtype=np.float64)
        if rank < x.shape[1]:
            raise FitError("The columns depend on each other.")
        pieces = exchangeable_pieces(x, lost - x @ beta, np.ones(len(lost)), unit)
    corrected = correct_sandwich(pieces, "kauermann-carroll")
    return LossModel(beta=beta, corrected=corrected, scale=scale, n=len(lost))


def joint_test(lost: Array, x: Array, unit: Codes, places: list[int]) -> dict[str, float]:
    """Test of several columns together, on the scale of shares.

    Parameters
    ----------
    lost : ndarray, shape (n,)
    x : ndarray, shape (n, p)
    unit : ndarray of int, shape (n,)
        As in `fit_loss`.
    places : list of int

    Returns
    -------
    dict
        ``statistic df df_denominator p_value``.

    Raises
    ------
    FitError
        There are too few practices for so many columns.

    Notes
    -----
    With practices approximate Hotelling's T-squared with CR2 (Pustejovsky & Tipton 2018, J Bus
    Econ Stat 36:672); people by themselves, F with people less columns.
    """
    contrasts = np.eye(x.shape[1])[places]
    if len(np.unique(unit)) < len(unit):
        test = fit_clusters(lost, x, unit).wald(contrasts)
        f, df, below = test.statistic, test.df, test.df_denominator
    else:
        model = fit_loss(lost, x, unit, "share")
        beta = contrasts @ model.beta
        middle = contrasts @ model.corrected.vcov @ contrasts.T
        f, df = float(beta @ np.linalg.solve(middle, beta)) / len(places), float(len(places))
        below = float(len(lost) - x.shape[1])
    return {
        "statistic": f,
        "df": df,
        "df_denominator": below,
        "p_value": f_p_value(f, df, below),
    }
