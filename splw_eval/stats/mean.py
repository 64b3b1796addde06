"""One mean with its interval, clustered or not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_codes import shortly_coded
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.tails import t_critical

# With fewer clusters than this neither the variance nor its df can be trusted.
FEWEST_CLUSTERS = 4
# Rounding alone leaves about 1e-16 of the values' size where every cluster has the same mean.
_NO_STANDARD_ERROR = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanFit:
    """A mean, its spread and its interval.

    Attributes
    ----------
    n : int
        Values.
    clusters : int or None
        Clusters; None where the values were taken as independent.
    mean, sd : float or None
        In the values' units; the SD needs 2 values.
    std_error, df, conf_low, conf_high : float or None
        None where no interval can be given: fewer than 2 values, fewer than
        `FEWEST_CLUSTERS` clusters, or values that do not vary.
    method : str
        How the interval was made, or why there is none.
    """

    n: int
    clusters: int | None
    mean: float | None
    sd: float | None
    std_error: float | None = None
    df: float | None = None
    conf_low: float | None = None
    conf_high: float | None = None
    method: str


def fit_mean(
    values: ArrayLike, cluster: ArrayLike | None = None, *, conf_level: float = 0.95
) -> MeanFit:
    """Estimate a mean and its interval.

    Parameters
    ----------
    values : array_like, shape (n,)
        Finite values.
    cluster : array_like, shape (n,), optional
        Label of each value's cluster. With it the standard error is CR2 and the
        df Satterthwaite's; without it both are those of the one-sample t interval.
    conf_level : float
        Coverage of the interval.

    Returns
    -------
    MeanFit

    Raises
    ------
    FitError
        A value is not finite, or the lengths differ.
    """
    y = np.asarray(values, dtype=float)
    if y.ndim != 1:
        raise FitError("A mean needs a one-dimensional array of values.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    if not np.isfinite(y).all():
        raise FitError("A mean needs finite values; drop the missing ones upstream.")
    labels = None if cluster is None else np.asarray(cluster)
    if labels is not None and labels.shape != y.shape:
        raise FitError("values and cluster must have the same length.")
    codes, k = (None, None) if labels is None else shortly_coded(labels)
    n = len(y)
    bare = MeanFit(
        n=n,
        clusters=k,
        mean=float(y.mean()) if n else None,
        sd=_sd(y),
        method=_why_no_interval(y, k),
    )
    if bare.method:
        return bare
    se, df = _standard_error(y, codes)
    if not se > _NO_STANDARD_ERROR * float(np.abs(y).max()):  # NaN where only rounding is left
        same = "all values are" if labels is None else "the clusters' means are all"
        return replace(bare, method=f"none: {same} the same")
    half = t_critical(df, conf_level) * se
    centre = float(y.mean())
    return MeanFit(
        n=n,
        clusters=k,
        mean=centre,
        sd=bare.sd,
        std_error=se,
        df=df,
        conf_low=centre - half,
        conf_high=centre + half,
        method="t" if labels is None else "CR2, Satterthwaite df",
    )


def _sd(y: np.ndarray) -> float | None:
    """SD; exactly 0 where all values are the same, which the formula misses by rounding."""
    if len(y) < 2:
        return None
    return float(y.std(ddof=1)) if np.ptp(y) > 0 else 0.0


def _why_no_interval(y: np.ndarray, clusters: int | None) -> str:
    """Reason for giving none; empty where one can be given."""
    if len(y) < 2:
        return "none: fewer than 2 values"
    if clusters is not None and clusters < FEWEST_CLUSTERS:
        return f"none: fewer than {FEWEST_CLUSTERS} clusters"
    if np.ptp(y) == 0:
        return "none: all values are the same"
    return ""


def _standard_error(y: np.ndarray, codes: np.ndarray | None) -> tuple[float, float]:
    if codes is None:
        return float(y.std(ddof=1) / np.sqrt(len(y))), float(len(y) - 1)
    fit = fit_clusters(y, np.ones((len(y), 1)), codes)
    return float(fit.std_error[0]), float(fit.df[0])
