"""Mean days engaged, or lost to a cause, as columns of a summary."""

from __future__ import annotations

import math
from typing import Any

from splw_eval.retention.staying.groups import Grid
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.restricted_mean import RestrictedMean, restricted_mean, time_lost
from splw_eval.stats.tails import t_critical


def mean_columns(
    counts: DayCounts, grid: Grid, horizon: float, conf_level: float
) -> dict[str, Any]:
    """Mean days engaged up to the horizon, with both errors and their limits.

    Parameters
    ----------
    counts : DayCounts
    grid : Grid
    horizon : float
    conf_level : float

    Returns
    -------
    dict
        Columns by name; limits from the normal distribution, robust ones from t.
    """
    found = restricted_mean(counts, horizon, times=_times(grid, horizon))
    return {"horizon": horizon, **_columns("restricted_mean", found, 0, counts, conf_level)}


def lost_columns(
    counts: DayCounts, grid: Grid, horizon: float, conf_level: float
) -> list[dict[str, Any]]:
    """Mean days lost to each cause up to the horizon, with both errors and their limits.

    Parameters
    ----------
    counts : DayCounts
    grid : Grid
    horizon : float
    conf_level : float

    Returns
    -------
    list of dict
        One for each cause.
    """
    found = time_lost(counts, horizon, times=_times(grid, horizon))
    return [
        {"horizon": horizon, **_columns("time_lost", found, place, counts, conf_level)}
        for place in range(counts.causes)
    ]


def _times(grid: Grid, horizon: float) -> Any:
    """Times of the positions, where these are not days that the horizon counts too."""
    return None if grid.whole and float(horizon).is_integer() else grid.times


def _columns(
    name: str, found: RestrictedMean, place: int, counts: DayCounts, conf_level: float
) -> dict[str, Any]:
    estimate, error = float(found.estimate[place]), float(found.std_error[place])
    reach = t_critical(math.inf, conf_level) * error
    made = {
        name: estimate,
        f"{name}_std_error": error,
        f"{name}_conf_low": estimate - reach,
        f"{name}_conf_high": estimate + reach,
    }
    if counts.clustered:
        robust, df = float(found.robust_std_error[place]), counts.clusters - 1
        reach = t_critical(df, conf_level) * robust if df > 0 else math.nan
        made[f"{name}_robust_std_error"] = robust
        made[f"{name}_df"] = float(df)
        made[f"{name}_robust_conf_low"] = estimate - reach
        made[f"{name}_robust_conf_high"] = estimate + reach
    return made
