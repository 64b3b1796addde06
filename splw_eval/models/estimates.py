"""Rows of a contrast to a table: estimate, standard error, degrees of freedom, interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.engine_clusters import clusters_with_effects, engine_clusters
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.specification import check_df
from splw_eval.models.variables import Floats
from splw_eval.stats import FEWEST_CLUSTERS
from splw_eval.stats.mixed.between_within import between_within_df
from splw_eval.stats.tails import f_p_value, t_critical, t_p_value

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "term",
    "estimate",
    "std_error",
    "df",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
    "n",
)


def few_clusters(fitted: FitRecord) -> bool:
    """Whether there are too few clusters for any interval."""
    clusters = clusters_with_effects(fitted.design, fitted.spec)
    return clusters is not None and clusters.count < FEWEST_CLUSTERS


def told(fitted: FitRecord) -> bool:
    """Whether there are clusters enough, and an end of the search, for an interval."""
    return not few_clusters(fitted) and bool(fitted.fit.fit.converged[0])


def errors_and_df(
    fitted: FitRecord, rows: Floats, *, df: str | None = None, boundary: str | None = None
) -> tuple[Floats, Floats]:
    """Standard errors and degrees of freedom of rows, each by itself.

    Parameters
    ----------
    fitted : FitRecord
    rows : ndarray, shape (m, p)
    df, boundary : str, optional
        By default those of the specification.

    Returns
    -------
    std_error, df : ndarray, shape (m,)
        Without degrees of freedom where clusters are too few, the search did not end, or the
        rule gives none: the standard error is then the model's own.
    """
    rule = df or fitted.spec.df
    check_df(rule)
    sure = told(fitted) and not fitted.trouble(rule, boundary or fitted.spec.boundary)
    error, freedom = np.zeros(len(rows)), np.full(len(rows), np.nan)
    some = rows.any(axis=1)  # a row of zeros is zero by construction
    if some.any():
        found = _by_rule(fitted, rows[some], rule if sure else "z", boundary)
        error[some], freedom[some] = found if sure else (found[0], np.nan)
    return error, freedom


def _by_rule(
    fitted: FitRecord, rows: Floats, rule: str, boundary: str | None
) -> tuple[Floats, Floats]:
    if rule in ("z", "between-within"):
        plain = np.sqrt(np.maximum(np.einsum("mp,pq,mq->m", rows, fitted.fit.phi[0], rows), 0.0))
        return plain, np.full(len(rows), np.inf) if rule == "z" else _between_within(fitted, rows)
    inference = fitted.inference(boundary or fitted.spec.boundary)
    test = inference.kenward_roger if rule == "kenward-roger" else inference.satterthwaite
    found = [test(row[None]) for row in rows]
    error = np.array([np.sqrt(max(float(one.covariance[0, 0, 0]), 0.0)) for one in found])
    return error, np.array([float(one.df[0]) for one in found])


def _between_within(fitted: FitRecord, rows: Floats) -> Floats:
    design, effect = fitted.design, fitted.spec.cluster_effect
    return between_within_df(
        design.x,
        person=design.person.codes,
        wave=design.wave_codes,
        cluster=None if effect == "none" else engine_clusters(design, fitted.spec).codes,
        wave_effects=design.wave is not None and effect not in ("none", "intercept"),
        rows=rows,
    )


def estimates(
    fitted: FitRecord,
    rows: Floats,
    labels: Sequence[str],
    n: Sequence[int] | int,
    *,
    df: str | None = None,
    boundary: str | None = None,
) -> pd.DataFrame:
    """Estimate rows of a contrast.

    Parameters
    ----------
    fitted : FitRecord
    rows : ndarray, shape (m, p)
    labels : sequence of str, length m
    n : int, or sequence of int
        People behind each row.
    df, boundary : str, optional

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, in units of the outcome.
    """
    estimate = rows @ fitted.fit.beta[0]
    error, freedom = errors_and_df(fitted, rows, df=df, boundary=boundary)
    return table_of(labels, estimate, error, freedom, n, fitted.spec.conf_level, told=told(fitted))


def table_of(
    labels: Sequence[str],
    estimate: Floats,
    error: Floats,
    freedom: Floats,
    n: Sequence[int] | int,
    conf_level: float,
    *,
    told: bool = True,
) -> pd.DataFrame:
    """Put estimates into the house's columns.

    Parameters
    ----------
    labels : sequence of str
    estimate, error, freedom : ndarray
    n : int, or sequence of int
    conf_level : float
    told : bool
        Whether degrees of freedom, test and interval may be told; else they are missing.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    freedom = freedom if told else np.full(len(freedom), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(~np.isnan(freedom) & (error > 0), estimate / error, np.nan)
    half = np.array(
        [
            t_critical(d, conf_level) * e if d > 0 else np.nan
            for d, e in zip(freedom, error, strict=True)
        ]
    )
    p_value = [
        t_p_value(t, d) if d > 0 and not math.isnan(t) else np.nan
        for t, d in zip(statistic, freedom, strict=True)
    ]
    made = {
        "term": list(labels),
        "estimate": estimate,
        "std_error": error,
        "df": freedom,
        "statistic": statistic,
        "p_value": p_value,
        "conf_low": estimate - half,
        "conf_high": estimate + half,
        "n": n,
    }
    return pd.DataFrame(made, columns=list(COLUMNS))


def joint_test(fitted: FitRecord, rows: Floats, *, df: str | None = None) -> dict[str, float]:
    """Test that several rows are all zero, with a scaled F.

    Parameters
    ----------
    fitted : FitRecord
    rows : ndarray, shape (l, p)
        Of full row rank.
    df : str, optional

    Returns
    -------
    dict
        ``statistic`` (F), ``df1``, ``df2``, ``p_value``.
    """
    rule = df or fitted.spec.df
    check_df(rule)
    size = len(rows)
    if not told(fitted) or fitted.trouble(rule, fitted.spec.boundary):
        return {"statistic": np.nan, "df1": size, "df2": np.nan, "p_value": np.nan}
    if rule in ("z", "between-within"):
        estimate = rows @ fitted.fit.beta[0]
        f = float(estimate @ np.linalg.solve(rows @ fitted.fit.phi[0] @ rows.T, estimate)) / size
        df2 = np.inf if rule == "z" else float(_between_within(fitted, rows).min())
    else:
        inference = fitted.inference(fitted.spec.boundary)
        one = (inference.kenward_roger if rule == "kenward-roger" else inference.satterthwaite)(
            rows
        )
        f, df2 = float(one.f[0]), float(one.df[0])
    return {"statistic": f, "df1": size, "df2": df2, "p_value": f_p_value(f, size, df2)}
