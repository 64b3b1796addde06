"""Baseline hazard of each stratum, and what a hazard model foretells of new rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.retention.columns import check_kind
from splw_eval.retention.hazards.cox_tables import only_cause_specific
from splw_eval.retention.hazards.hazard_fit import HazardFit
from splw_eval.retention.hazards.hazard_rows import Floats
from splw_eval.retention.staying.at_days import asked_days
from splw_eval.stats.cox.baseline import baseline_hazard
from splw_eval.stats.cox.fine_gray import FineGrayFit
from splw_eval.stats.cox.hazard_influence import relative_hazard_error
from splw_eval.stats.tails import t_critical

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Curves:
    """Curves of one stratum, shapes (times,) and (rows, times)."""

    stratum: str
    last: float
    time: Floats
    hazard: Floats
    error: Floats
    estimate: Floats
    low: Floats
    high: Floats


def baseline(fitted: HazardFit) -> pd.DataFrame:
    """See `FittedCox.baseline`."""
    import pandas as pd

    only_cause_specific(fitted, "The baseline hazard")
    parts = []
    for found in _by_stratum(fitted, np.zeros((1, len(fitted.names)))):
        made: dict[str, Any] = {"stratum": found.stratum, "day": found.time}
        made |= {"cumulative_hazard": found.hazard[0], "std_error": found.error[0]}
        made |= {"survival": found.estimate[0]}
        if not len(found.time):  # nobody left: all are still engaged when last seen
            made = {"stratum": found.stratum, "day": [found.last]}
            made |= {"cumulative_hazard": 0.0, "std_error": 0.0, "survival": 1.0}
        limits = zip(("conf_low", "conf_high"), (found.low, found.high), strict=True)
        made |= {name: values[0] if len(found.time) else 1.0 for name, values in limits}
        parts.append(pd.DataFrame(made))
    return pd.concat(parts, ignore_index=True)


def predicted(fitted: HazardFit, new: pd.DataFrame, days: Any) -> pd.DataFrame:
    """See `FittedCox.predict_retention`."""
    import pandas as pd

    check_kind(new)
    at = _new_columns(fitted, new)
    fit, rows = fitted.fit, fitted.rows
    if isinstance(fit, FineGrayFit):
        curves = [_shares(fitted, fit, at)]
        what, before, limit = "share who left for the cause", 0.0, np.nan
    else:
        if ((rows.event > 0) & ~rows.happened).any():
            raise FitError(
                "The hazard of one cause of several foretells no share of people by itself.",
                remedy='Fit cause="any", or kind="subdistribution" for the share who leave.',
            )
        curves = list(_by_stratum(fitted, at))
        what, before, limit = "share still engaged", 1.0, 1.0
    every = np.unique(np.concatenate([found.time for found in curves]))
    parts = []
    for found in curves:
        asked = found.time if days is None else asked_days(days)
        asked = every[every <= found.last] if not len(asked) else asked
        place = np.searchsorted(found.time, asked, side="right")
        beyond = np.asarray(asked) > found.last
        for row in range(len(at)):
            made: dict[str, Any] = {"row": row + 1, "stratum": found.stratum, "day": asked}
            for name, values, first in (
                ("estimate", found.estimate, before),
                ("conf_low", found.low, limit),
                ("conf_high", found.high, limit),
            ):
                made[name] = np.where(beyond, np.nan, np.append(first, values[row])[place])
            parts.append(pd.DataFrame({**made, "what": what}))
    return pd.concat(parts, ignore_index=True)


def _shares(fitted: HazardFit, fit: FineGrayFit, at: Floats) -> _Curves:
    share = fit.incidence(at)
    blank = np.full(share.shape, np.nan)
    return _Curves(
        stratum="",
        last=float(fitted.rows.stop.max()),
        time=fit.time,
        hazard=blank,
        error=blank,
        estimate=share,
        low=blank,
        high=blank,
    )


def _by_stratum(fitted: HazardFit, at: Floats) -> Iterator[_Curves]:
    """Curves of the rows `at`, by the codes of the strata; without times where nobody left."""
    rows = fitted.rows
    found = baseline_hazard(**rows.given, beta=fitted.fit.beta, at=at, conf_level=fitted.conf_level)
    error, low, high = found.std_error, found.conf_low, found.conf_high
    if rows.fractional and rows.unit is not None:
        relative = relative_hazard_error(
            **rows.given, beta=fitted.fit.beta, unit=rows.unit.codes, at=at
        )
        error = found.cumulative_hazard * relative
        reach = t_critical(float(max(rows.unit.count - 2, 1)), fitted.conf_level) * relative
        with np.errstate(over="ignore"):
            low = np.exp(-found.cumulative_hazard * np.exp(reach))
        high = np.exp(-found.cumulative_hazard * np.exp(-reach))
    names = ("",) if rows.stratum is None else rows.stratum.levels
    for code, name in enumerate(names):
        mine = np.ones(len(rows.stop), dtype=bool)
        steps = np.ones(len(found.time), dtype=bool)
        if rows.stratum is not None:
            mine, steps = rows.stratum.codes == code, found.stratum == code
        yield _Curves(
            stratum=str(name),
            last=float(rows.stop[mine].max()),
            time=found.time[steps],
            hazard=found.cumulative_hazard[:, steps],
            error=error[:, steps],
            estimate=found.survival[:, steps],
            low=low[:, steps],
            high=high[:, steps],
        )


def _new_columns(fitted: HazardFit, new: pd.DataFrame) -> Floats:
    covariates = fitted.rows.covariates
    lost = [name for name in covariates.part.formula.columns if name not in new.columns]
    if lost:
        raise FitError(
            f"The rows lack the covariates {', '.join(str(name) for name in lost)}.",
            remedy="Give every column that the model was fitted with.",
        )
    if not len(new):
        raise FitError("There are no rows to foretell.", remedy="Give one row or more.")
    at = covariates.of_rows(new)
    for wrong, what in ((np.isnan(at), "lack a covariate"), (np.isinf(at), "are infinite")):
        rows = np.flatnonzero(wrong.any(axis=1))
        if rows.size:
            raise FitError(
                f"{rows.size} rows {what} (the first is row {rows[0] + 1}).",
                remedy="Fill in or correct those cells, or leave the rows out.",
            )
    return at
