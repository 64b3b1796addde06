"""Parametric curves of time to leaving, which alone say anything beyond the follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.estimates import table_of
from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_level, check_word, finding, refuse, where
from splw_eval.retention.columns import (
    Floats,
    TimeRows,
    check_kind,
    nobody_engaged,
    read_rows,
)
from splw_eval.retention.hazards.covariates import (
    Covariates,
    check_covariates,
    check_identified,
    formula_of,
    read_covariates,
)
from splw_eval.retention.hazards.cox_checks import check_events
from splw_eval.retention.hazards.time_families import FAMILIES, INTERCEPT, engaged, fit_family
from splw_eval.retention.plain_text import curve_text, quoted
from splw_eval.retention.staying.at_days import asked_days
from splw_eval.stats.tails import t_critical

if TYPE_CHECKING:
    import pandas as pd

LOG_SCALE = "log(scale)"
_MOST_ERROR = 100.0  # in scales, over the range of a column: beyond it there is no maximum


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExtrapolatedRetention:
    """A parametric (accelerated failure time) curve of time to leaving.

    Attributes
    ----------
    coefficients : DataFrame
        ``term estimate std_error df statistic p_value conf_low conf_high n`` on the scale of
        the logarithm of days, then ``time_ratio``; the last row is the logarithm of the scale.
    scale : float
        As R's ``survreg`` has it.
    log_likelihood : float
    family : str
    last_seen : float
        Last day on which anybody was seen: beyond it all is extrapolation.
    shift : float
        Days added before fitting.
    n, events : int
    method : str
    notes : tuple of str
    conf_level : float
    """

    coefficients: pd.DataFrame
    scale: float
    log_likelihood: float
    family: str
    last_seen: float
    shift: float
    n: int
    events: int
    method: str
    notes: tuple[str, ...]
    conf_level: float
    covariance: Floats
    covariates: Covariates | None

    def __repr__(self) -> str:
        return f"<ExtrapolatedRetention: {self.notes[0]}>"

    def __str__(self) -> str:
        title = f"Days to leaving, {self.family}"
        return curve_text(title, self.coefficients, self.method, self.notes)

    def predict(
        self, days: float | Sequence[float], rows: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Share still engaged on given days.

        Parameters
        ----------
        days : float, or sequence of float
        rows : DataFrame, optional
            With the columns of the covariates, where there are any.

        Returns
        -------
        DataFrame
            ``row day estimate conf_low conf_high extrapolated note``; rows are counted from 1.

        Raises
        ------
        FitError
            Covariates are missing.
        RetentionError
            A day is no number from 0.
        """
        import pandas as pd

        asked = asked_days(days)
        x = self._columns(rows)
        parts = [self._row(asked, row, place + 1) for place, row in enumerate(x)]
        return pd.concat(parts, ignore_index=True)

    def _columns(self, rows: pd.DataFrame | None) -> Floats:
        if rows is not None:
            check_kind(rows)
        if self.covariates is None:
            return np.ones((1 if rows is None else len(rows), 1))
        if rows is None:
            remedy = "Give predict() rows with the columns of the covariates."
            raise FitError("The curve depends on covariates.", remedy=remedy)
        lost = set(self.covariates.part.formula.columns) - set(rows.columns)
        found = np.zeros((0, 0)) if lost else self.covariates.of_rows(rows)
        if lost or not len(found) or not np.isfinite(found).all():
            remedy = "Give one row or more with every covariate filled in by a finite number."
            raise FitError("The rows lack covariates, or have infinite ones.", remedy=remedy)
        return np.column_stack([np.ones(len(found)), found])

    def _row(self, asked: Floats, row: Floats, place: int) -> pd.DataFrame:
        import pandas as pd

        beta = self.coefficients["estimate"].to_numpy()[:-1]
        with np.errstate(divide="ignore"):
            z = (np.log(asked + self.shift) - row @ beta) / self.scale
        held = np.where(np.isfinite(z), z, 0.0)
        slopes = np.column_stack([np.tile(-row / self.scale, (len(z), 1)), -held])
        variance = np.einsum("ij,jk,ik->i", slopes, self.covariance, slopes)
        reach = t_critical(float("inf"), self.conf_level) * np.sqrt(np.maximum(variance, 0.0))
        beyond = asked > self.last_seen
        return pd.DataFrame(
            {
                "row": place,
                "day": asked,
                "estimate": engaged(self.family, z),
                "conf_low": engaged(self.family, z + reach),
                "conf_high": engaged(self.family, z - reach),
                "extrapolated": beyond,
                "note": np.where(beyond, "extrapolated: nobody was seen so late", ""),
            }
        )


def extrapolate_retention(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: str | Sequence[str] | None = None,
    family: str = "weibull",
    shift: float = 0.0,
    conf_level: float = 0.95,
) -> ExtrapolatedRetention:
    """Fit a parametric curve of time to leaving, to look beyond the follow-up.

    Parameters
    ----------
    frame : DataFrame
        One row for each person or episode. Rows without a covariate are left out and counted.
    time, event : str
        Columns as in `retention_curve`; all causes count as leaving.
    covariates : str, or sequence of str, optional
        As in `fit_cox`; they stretch time.
    family : str
        ``weibull``, ``lognormal`` or ``loglogistic``.
    shift : float
        Days added to every time, as these families hold no day 0; without it such rows are
        refused.
    conf_level : float

    Returns
    -------
    ExtrapolatedRetention

    Raises
    ------
    RetentionError
        Columns or options cannot be used; every reason, with its column, rows and remedy.
    FitError
        The search for the likeliest parameters does not end.

    Notes
    -----
    Errors take people as independent. Nothing in the data can show that the family holds
    beyond the follow-up: compare families, and tell the extrapolated part as what it is.

    Sources
    -------
    Kalbfleisch & Prentice 2002, The statistical analysis of failure time data, 3.
    Fitted by lifelines; agrees with R's survival (``survreg``) to about 1e-4: tests/reference.
    """
    check_kind(frame)
    formula = None if covariates is None else formula_of(covariates, list(frame.columns))
    others = () if formula is None else formula.columns
    found = [*check_level(conf_level), *check_word("family", family, FAMILIES), *_shift(shift)]
    if formula is not None:
        found += check_covariates(frame, formula, [time, event])
    rows = read_rows(frame, Asked(time=time, event=event, others=others), more=found)
    columns = None if formula is None else read_covariates(frame, formula)
    kept = np.ones(rows.n, dtype=bool) if columns is None else columns.used
    wrong = [*_days(rows, shift, time), *check_events(rows.event > 0, kept, event)]
    refuse([*wrong, *([] if columns is None else check_identified(columns))])
    x = np.ones((rows.n, 1))
    if columns is not None:
        x = np.column_stack([np.ones(len(columns.x)), columns.x])
    left = rows.event[kept] > 0
    beta, covariance, likelihood = fit_family(rows.time[kept] + shift, left, x, family)
    names = (INTERCEPT, *(columns.names if columns else ()), LOG_SCALE)
    variance = np.diag(covariance)
    refuse(_boundless(variance, x, float(np.exp(beta[-1])), names))
    error, n = np.sqrt(variance), int(kept.sum())
    table = table_of(names, beta, error, np.full(len(beta), np.inf), n, conf_level)
    table["time_ratio"] = [np.nan, *np.exp(beta[1:-1]), np.nan]
    last = float(rows.time[kept].max())
    return ExtrapolatedRetention(
        coefficients=table,
        scale=float(np.exp(beta[-1])),
        log_likelihood=likelihood,
        family=family,
        last_seen=last,
        shift=float(shift),
        n=n,
        events=int(left.sum()),
        method=f"accelerated failure time, {family}, by lifelines; people independent",
        notes=tuple(_notes(rows, kept, shift, last, columns)),
        conf_level=conf_level,
        covariance=covariance,
        covariates=columns,
    )


def _shift(shift: Any) -> Iterator[Finding]:
    number = isinstance(shift, int | float | np.number) and not isinstance(shift, bool)
    if not number or not 0 <= shift < np.inf:
        yield finding("SR12", "shift= is no number of days from 0", "Give for example 0.5.")


def _days(rows: TimeRows, shift: float, time: str) -> Iterator[Finding]:
    if shift == 0:
        problem = "days 0, which no such curve can hold"
        remedy = "Say by how much to shift all days, such as shift=0.5; or use retention_curve."
        yield from where("SR15", rows.time == 0, problem, remedy, column=time)


def _boundless(
    variance: Floats, x: Floats, scale: float, names: Sequence[str]
) -> Iterator[Finding]:
    """Coefficients that run off without end, where nobody left at a level, or all did."""
    reach = np.append(np.append(1.0, np.ptp(x[:, 1:], axis=0)), scale)
    limit = (_MOST_ERROR * scale / reach) ** 2
    wrong = np.flatnonzero(~(np.isfinite(variance) & (variance >= 0) & (variance < limit)))
    covariates = [int(place) for place in wrong if 0 < place < len(variance) - 1]
    if covariates:
        problem = f"{quoted(names, covariates)} has no finite effect: there is no error of it"
        remedy = "Nobody left at one of its levels, or all did: leave it out, or join levels."
        yield finding("SR13", problem, remedy)
    elif wrong.size:
        problem = "these days give the curve no finite error"
        yield finding(
            "SR14", problem, "Say how many were followed and left; choose another family."
        )


def _notes(
    rows: TimeRows, kept: Any, shift: float, last: float, columns: Covariates | None
) -> Iterator[str]:
    left = int((rows.event[kept] > 0).sum())
    yield f"{int(kept.sum()):,} people or episodes, {left:,} of whom left."
    if not kept.all():
        yield f"{int((~kept).sum()):,} rows are left out, as a covariate is missing there."
    yield from nobody_engaged(rows.event)
    yield from () if columns is None else columns.without_ratio()
    yield f"Beyond day {last:g} all is extrapolation: the family says it, not the data."
    if shift:
        yield f"All days were shifted by {shift:g} before fitting, as was asked for."
    yield "People are taken as independent; practices are ignored, so the limits are too narrow."
