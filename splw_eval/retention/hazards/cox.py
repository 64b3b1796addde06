"""From a data frame to a fitted hazard model: checks, columns, the choice of standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_level, refuse
from splw_eval.retention.columns import check_kind, read_rows
from splw_eval.retention.hazards.covariates import (
    check_covariates,
    check_identified,
    formula_of,
    read_covariates,
)
from splw_eval.retention.hazards.cox_checks import (
    check_asked,
    check_events,
    check_options,
    check_people,
    in_small_letters,
    wanted_causes,
)
from splw_eval.retention.hazards.fitted_cox import FittedCox
from splw_eval.retention.hazards.hazard_rows import HazardRows, labels_at
from splw_eval.retention.hazards.units import (
    FEWEST,
    check_errors,
    check_units,
    default_vcov,
    unit_of,
)
from splw_eval.stats.cox.efron import Ties

if TYPE_CHECKING:
    import pandas as pd


def fit_cox(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: str | Sequence[str],
    start: str | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    ties: Ties = "efron",
    strata: str | Sequence[str] | None = None,
    cause: int | str | Sequence[int] = 1,
    kind: str = "cause-specific",
    vcov: str | None = None,
    id: str | None = None,  # noqa: A002 - the column's usual name
    causes: Mapping[int, str] | None = None,
    conf_level: float = 0.95,
) -> FittedCox:
    """Fit a proportional hazards model of leaving.

    Parameters
    ----------
    frame : DataFrame
        One row for each person or episode; with `start` one row for each stretch of time
        in which the covariates stand still. Rows without a covariate are left out and counted.
    time, event : str
        Columns as in `retention_curve`; with `start`, `time` is the day on which the row stops.
    covariates : str, or sequence of str
        Names of columns, or a formula as in `fit_mixed_model` (``"arm * C(year)"``). Text and
        categories are compared with their first level.
    start : str, optional
        Column of days after which a row is at risk: (start, stop]. An ending on day 0 counts
        where the row starts at -1.
    cluster : str, optional
        Column of practices, three or more.
    weights : str, optional
        Column of weights above 0.
    ties : str
        ``efron`` or ``breslow``; this word, that of `kind` and that of `vcov` in any case.
    strata : str, or sequence of str, optional
        Columns; each stratum has its own baseline hazard.
    cause : int, str, or sequence of int
        Which endings are looked at, by code or by name, or ``"any"``. Those who leave for
        another cause are no longer at risk then.
    kind : str
        ``cause-specific``, the rate of leaving for the cause among those still engaged; or
        ``subdistribution`` (Fine and Gray), which moves the share who have left for it.
    vcov : str, optional
        ``jackknife`` (leave one practice out), ``sandwich``, ``kc`` or ``md`` (the sandwich
        corrected for few practices), or ``model`` (people independent). By default with
        practices the jackknife, above 200 practices the sandwich; without them the model's, or
        the sandwich by person where weights are no whole numbers or people have several
        endings. With few practices the sandwich is far too small: the notes say by how much.
    id : str, optional
        Column of people, where somebody has several rows. With `start` and without it rows,
        not people, are counted, and errors that need to know people are refused.
    causes : mapping of int to str, optional
        Names of the causes by code; any other code is then refused.
    conf_level : float

    Returns
    -------
    FittedCox
        Intervals by Student's t with units less 2 degrees of freedom, where practices (or
        people) are the units of the error; by the normal distribution under ``model``.

    Raises
    ------
    RetentionError
        The data or the options cannot be used; every reason, with its column, its rows and
        its remedy.
    FitError
        The formula cannot be read.

    Sources
    -------
    Cox 1972, J R Stat Soc B 34:187; Efron 1977, J Am Stat Assoc 72:557; Lin & Wei 1989, J Am
    Stat Assoc 84:1074; Lipsitz, Dear & Zhao 1994, Biometrics 50:842; Wang, Turner & Li 2023,
    Biom J 65:2200113; Fine & Gray 1999, J Am Stat Assoc 94:496. docs/methods/retention.md.
    """
    check_kind(frame)
    check_asked(covariates, strata, cause)
    ties, kind, vcov = in_small_letters(ties, kind, vcov)
    formula = formula_of(covariates, list(frame.columns))
    asked = Asked(
        time=time,
        event=event,
        cluster=cluster,
        start=start,
        weights=weights,
        person=id,
        strata=(strata,) if isinstance(strata, str) else tuple(() if strata is None else strata),
        others=formula.columns,
        causes=causes,
        fewest=FEWEST,
    )
    found = [
        *check_level(conf_level),
        *check_options(asked, ties=ties, kind=kind, vcov=vcov),
        *check_covariates(frame, formula, [n for n in (time, event, start) if n is not None]),
    ]
    rows = read_rows(frame, asked, more=found)
    wanted = wanted_causes(rows, cause, event)
    happened = np.isin(rows.event, wanted)
    refuse(check_people(rows, asked, happened, vcov))
    columns = read_covariates(frame, formula)
    refuse([*check_events(happened, columns.used, event), *check_identified(columns)])
    kept = columns.used
    unit, by = unit_of(rows, happened, vcov)
    made = HazardRows(
        stop=rows.time[kept],
        start=None if rows.start is None else rows.start[kept],
        weights=None if rows.weights is None else rows.weights[kept],
        event=rows.event[kept],
        happened=happened[kept],
        covariates=columns,
        unit=labels_at(unit, kept),
        stratum=labels_at(rows.stratum, kept),
        ties=ties,
        kind=kind,
    )
    refuse(check_units(made, by, cluster))
    fitted = FittedCox(
        rows=made,
        fit=made.fit(),
        people=None if rows.person is None else _present(rows.person.codes[kept]),
        by=by,
        vcov=vcov or default_vcov(made, by),
        cause=" or ".join(rows.causes[code] for code in wanted if code in rows.causes),
        left_out=int((~kept).sum()),
        conf_level=conf_level,
    )
    check_errors(fitted, cluster)
    return fitted


def _present(codes: Any) -> int:
    """How many codes there are."""
    return int(np.count_nonzero(np.bincount(codes)))
