"""Tables of a fitted hazard model: coefficients, errors side by side, tests, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.estimates import table_of
from splw_eval.retention.checks import check_word, refuse
from splw_eval.retention.hazards.hazard_fit import HazardFit
from splw_eval.retention.hazards.hazard_rows import SUBDISTRIBUTION, Floats, named_columns
from splw_eval.stats.cox.proportional import proportional_hazards_test
from splw_eval.stats.cox.time_functions import TRANSFORMS, Transform

if TYPE_CHECKING:
    import pandas as pd

ALL = "all terms together"
_MOST_FITS = 200


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
        if (clustered or way == "model") and not _passed_over(fitted, way):
            with suppress(FitError):  # the missing column says that it cannot be made
                found = _roots(fitted.covariance_by(way))
        made[way] = found
    return pd.DataFrame(made)


def too_many(fitted: HazardFit) -> bool:
    """Whether leaving each unit out for a table of errors alone asks for too many fits."""
    unit = fitted.rows.unit
    return unit is not None and unit.count > _MOST_FITS and fitted.vcov != "jackknife"


def _passed_over(fitted: HazardFit, way: str) -> bool:
    corrected = way in ("kc", "md") and fitted.rows.kind == SUBDISTRIBUTION
    return corrected or (way == "jackknife" and too_many(fitted))


def proportional(fitted: HazardFit, transform: str) -> pd.DataFrame:
    """See `FittedCox.test_proportional_hazards`."""
    import pandas as pd

    only_cause_specific(fitted, "The test of proportional hazards")
    refuse(check_word("transform", transform, TRANSFORMS))
    rows, terms = fitted.rows, fitted.rows.covariates.terms
    try:
        test = proportional_hazards_test(
            **rows.given,
            beta=fitted.fit.beta,
            terms=list(terms.values()),
            cluster=None if rows.unit is None else rows.unit.codes,
            transform=cast("Transform", transform),
        )
    except FitError as error:
        message = named_columns(error.message, fitted.names)
        raise FitError(message, remedy=error.remedy) from error
    made = pd.DataFrame(
        {
            "term": [*terms, ALL],
            "statistic": [*test.chi_square, test.global_chi_square],
            "df": [*(int(df) for df in test.df), test.global_df],
            "p_value": [*test.p_value, test.global_p_value],
            "n": fitted.n,
            "events": test.events,
        }
    )
    if rows.fractional:
        made[["statistic", "p_value"]] = np.nan  # no chi-square: its size hangs on the unit
    if test.practice_f is not None and test.practice_p_value is not None:
        made["f_statistic"] = [*test.practice_f, test.global_practice_f]
        made[f"p_by_{fitted.by}"] = [*test.practice_p_value, test.global_practice_p_value]
    return made


def _roots(covariance: Floats) -> Floats:
    """Standard errors; none where a corrected variance fell below 0."""
    variance = np.diag(covariance)
    error: Floats = np.sqrt(np.where(variance >= 0, variance, np.nan))
    return error


def only_cause_specific(fitted: HazardFit, what: str) -> None:
    """Refuse what a model of the subdistribution does not have.

    Raises
    ------
    FitError
        It is one.
    """
    if fitted.rows.kind == SUBDISTRIBUTION:
        raise FitError(
            f"{what} is given for cause-specific hazards only.",
            remedy='Fit kind="cause-specific".',
        )
