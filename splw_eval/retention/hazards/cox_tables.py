"""Tables of a fitted hazard model: coefficients, errors side by side, tests, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.estimates import table_of
from splw_eval.models.variables import level_label
from splw_eval.retention.checks import check_word, refuse
from splw_eval.retention.columns import check_kind
from splw_eval.retention.hazards.hazard_fit import HazardFit
from splw_eval.retention.hazards.hazard_rows import SUBDISTRIBUTION, Floats, named_columns
from splw_eval.retention.staying.at_days import asked_days
from splw_eval.stats.cox.baseline import Baseline, baseline_hazard
from splw_eval.stats.cox.fine_gray import FineGrayFit
from splw_eval.stats.cox.proportional import proportional_hazards_test
from splw_eval.stats.cox.time_functions import TRANSFORMS, Transform

if TYPE_CHECKING:
    import pandas as pd

ALL = "all terms together"


def coefficients(fitted: HazardFit) -> pd.DataFrame:
    """See `FittedCox.coefficients`."""
    beta = fitted.fit.beta
    error = _roots(fitted.covariance.to_numpy())
    freedom = np.full(len(beta), fitted.df)
    made = table_of(fitted.names, beta, error, freedom, fitted.n, fitted.conf_level)
    with np.errstate(over="ignore"):
        made["hazard_ratio"] = np.exp(beta)
        made["hazard_ratio_low"] = np.exp(made["conf_low"])
        made["hazard_ratio_high"] = np.exp(made["conf_high"])
    made["events"] = fitted.events
    made["model_std_error"] = _roots(fitted.covariance_by("model"))
    if fitted.rows.unit is not None:
        made["robust_std_error"] = _roots(fitted.covariance_by("sandwich"))
    return made


def errors(fitted: HazardFit, ways: Sequence[str]) -> pd.DataFrame:
    """See `FittedCox.errors`."""
    import pandas as pd

    made: dict[str, Any] = {"term": list(fitted.names)}
    clustered = fitted.rows.unit is not None
    for way in ways:
        found = np.full(len(fitted.names), np.nan)
        corrected = way in ("kc", "md") and fitted.rows.kind == SUBDISTRIBUTION
        if (clustered or way == "model") and not corrected:
            with suppress(FitError):  # the missing column says that it cannot be made
                found = _roots(fitted.covariance_by(way))
        made[way] = found
    return pd.DataFrame(made)


def proportional(fitted: HazardFit, transform: str) -> pd.DataFrame:
    """See `FittedCox.test_proportional_hazards`."""
    import pandas as pd

    _only_cause_specific(fitted, "The test of proportional hazards")
    refuse(check_word("transform", transform, TRANSFORMS))
    terms = fitted.rows.covariates.terms
    try:
        test = proportional_hazards_test(
            **fitted.rows.given,
            beta=fitted.fit.beta,
            terms=list(terms.values()),
            transform=cast("Transform", transform),
        )
    except FitError as error:
        message = named_columns(error.message, fitted.names)
        raise FitError(message, remedy=error.remedy) from error
    return pd.DataFrame(
        {
            "term": [*terms, ALL],
            "statistic": [*test.chi_square, test.global_chi_square],
            "df": [*(int(df) for df in test.df), test.global_df],
            "p_value": [*test.p_value, test.global_p_value],
            "n": fitted.n,
            "events": test.events,
        }
    )


def baseline(fitted: HazardFit) -> pd.DataFrame:
    """See `FittedCox.baseline`."""
    import pandas as pd

    _only_cause_specific(fitted, "The baseline hazard")
    found = _hazards(fitted, None)
    return pd.DataFrame(
        {
            "stratum": _strata(fitted, found.stratum),
            "day": found.time,
            "cumulative_hazard": found.cumulative_hazard[0],
            "std_error": found.std_error[0],
            "survival": found.survival[0],
            "conf_low": found.conf_low[0],
            "conf_high": found.conf_high[0],
        }
    )


def predicted(fitted: HazardFit, new: pd.DataFrame, days: Any) -> pd.DataFrame:
    """See `FittedCox.predict_retention`."""
    import pandas as pd

    check_kind(new)
    at = _new_columns(fitted, new)
    fit, rows = fitted.fit, fitted.rows
    if isinstance(fit, FineGrayFit):
        share = fit.incidence(at)
        blank = np.full(share.shape, np.nan)
        curves = [("", fit.time, share, blank, blank)]
        what, before = "share who left for the cause", 0.0
    else:
        if ((rows.event > 0) & ~rows.happened).any():
            raise FitError(
                "The hazard of one cause of several foretells no share of people by itself.",
                remedy='Fit cause="any", or kind="subdistribution" for the share who leave.',
            )
        curves = list(_by_stratum(fitted, _hazards(fitted, at)))
        what, before = "share still engaged", 1.0
    parts = []
    for stratum, time, estimate, low, high in curves:
        asked = time if days is None else asked_days(days)
        place = np.searchsorted(time, asked, side="right")
        beyond = np.asarray(asked) > _last_seen(fitted, stratum)
        for row in range(len(at)):
            held = [
                _held(values[row], place, first)
                for values, first in ((estimate, before), (low, np.nan), (high, np.nan))
            ]
            held = [np.where(beyond, np.nan, values) for values in held]
            names = ("estimate", "conf_low", "conf_high")
            made = {"row": row + 1, "stratum": stratum, "day": asked}
            parts.append(
                pd.DataFrame({**made, **dict(zip(names, held, strict=True)), "what": what})
            )
    return pd.concat(parts, ignore_index=True)


def _held(values: Floats, place: Any, before: float) -> Floats:
    """Values as they stand after so many steps."""
    held: Floats = np.append(before, values)[place]
    return held


def _last_seen(fitted: HazardFit, stratum: str) -> float:
    rows = fitted.rows
    if rows.stratum is None:
        return float(rows.stop.max())
    place = rows.stratum.names.index(stratum)
    return float(rows.stop[rows.stratum.codes == place].max())


def _by_stratum(fitted: HazardFit, found: Baseline) -> Any:
    names = np.array(_strata(fitted, found.stratum), dtype=object)
    for name in dict.fromkeys(names):
        mine = names == name
        curves = (found.survival, found.conf_low, found.conf_high)
        yield (name, found.time[mine], *(values[:, mine] for values in curves))


def _hazards(fitted: HazardFit, at: Floats | None) -> Baseline:
    return baseline_hazard(
        **fitted.rows.given, beta=fitted.fit.beta, at=at, conf_level=fitted.conf_level
    )


def _strata(fitted: HazardFit, codes: Any) -> list[str]:
    stratum = fitted.rows.stratum
    if stratum is None:
        return [""] * len(codes)
    return [level_label(stratum.levels[int(code)]) for code in codes]


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
    gaps = np.flatnonzero(np.isnan(at).any(axis=1))
    if gaps.size:
        raise FitError(
            f"{gaps.size} rows lack a covariate (the first is row {gaps[0] + 1}).",
            remedy="Fill in those cells, or leave the rows out.",
        )
    return at


def _roots(covariance: Floats) -> Floats:
    """Standard errors; none where a corrected variance fell below 0."""
    variance = np.diag(covariance)
    error: Floats = np.sqrt(np.where(variance >= 0, variance, np.nan))
    return error


def _only_cause_specific(fitted: HazardFit, what: str) -> None:
    if fitted.rows.kind == SUBDISTRIBUTION:
        raise FitError(
            f"{what} is given for cause-specific hazards only.",
            remedy='Fit kind="cause-specific".',
        )
