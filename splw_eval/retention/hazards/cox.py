"""From a data frame to a fitted hazard model: checks, columns, the choice of standard error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_level, check_word, finding, refuse, where
from splw_eval.retention.columns import TimeRows, check_kind, read_rows
from splw_eval.retention.hazards.covariates import (
    check_covariates,
    check_identified,
    formula_of,
    read_covariates,
)
from splw_eval.retention.hazards.fitted_cox import FittedCox
from splw_eval.retention.hazards.hazard_fit import VCOV
from splw_eval.retention.hazards.hazard_rows import (
    SUBDISTRIBUTION,
    HazardRows,
    labels_at,
    named_columns,
)
from splw_eval.retention.labels import Labels
from splw_eval.stats.cox.efron import Ties

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("cause-specific", SUBDISTRIBUTION)
ANY = "any"
_FEWEST = 3  # practices of which one can be left out
_MOST_FITS = 200  # practices above which the sandwich needs no correction worth so many fits


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
        Column of days after which a row is at risk: (start, stop].
    cluster : str, optional
        Column of practices, three or more.
    weights : str, optional
        Column of weights above 0.
    ties : str
        ``efron`` or ``breslow``.
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
        endings.
    id : str, optional
        Column of people, where somebody has several rows.
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
    formula = formula_of(covariates, list(frame.columns))
    asked = Asked(
        time=time,
        event=event,
        cluster=cluster,
        start=start,
        weights=weights,
        person=id,
        strata=(strata,) if isinstance(strata, str) else tuple(strata or ()),
        others=formula.columns,
        causes=causes,
        fewest=_FEWEST,
    )
    found = [
        *check_level(conf_level),
        *_options(asked, ties, kind, vcov),
        *check_covariates(frame, formula, [n for n in (time, event, start) if n is not None]),
    ]
    rows = read_rows(frame, asked, more=found)
    wanted = _wanted(rows, cause, event)
    refuse(_overlaps(rows, asked))
    columns = read_covariates(frame, formula)
    happened = np.isin(rows.event, wanted)
    refuse([*_events(happened, columns.used, event), *check_identified(columns)])
    kept = columns.used
    unit, by = _unit(rows, happened)
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
    refuse(_units_left(made, by, cluster))
    fitted = FittedCox(
        rows=made,
        fit=made.fit(),
        people=None if rows.person is None else len(np.unique(rows.person.codes[kept])),
        by=by,
        vcov=vcov or _default(made, by),
        cause=" or ".join(rows.causes[code] for code in wanted if code in rows.causes),
        left_out=int((~kept).sum()),
        conf_level=conf_level,
    )
    _check_errors(fitted, cluster)
    return fitted


def _options(asked: Asked, ties: str, kind: str, vcov: str | None) -> Iterator[Finding]:
    yield from check_word("ties", ties, get_args(Ties))
    yield from check_word("kind", kind, KINDS)
    if vcov is not None:
        yield from check_word("vcov", vcov, VCOV)
    if vcov in ("jackknife", "kc", "md") and asked.cluster is None:
        problem = f'vcov="{vcov}" needs practices'
        yield finding("SR12", problem, "Name their column: cluster=.")
    if kind == SUBDISTRIBUTION:
        named = {"start": asked.start, "weights": asked.weights, "strata": asked.strata}
        for name in [name for name, given in named.items() if given]:
            remedy = f'Leave {name}= out, or choose kind="cause-specific".'
            yield finding("SR12", f'kind="subdistribution" takes no {name}=', remedy)
        if vcov in ("kc", "md"):
            remedy = 'Choose "jackknife" or "sandwich".'
            yield finding("SR12", f'kind="subdistribution" has no vcov="{vcov}"', remedy)


def _wanted(rows: TimeRows, cause: Any, event: str) -> list[int]:
    """Codes of the endings looked at."""
    if isinstance(cause, str) and cause == ANY:
        return list(rows.causes)
    asked = list(cause) if isinstance(cause, Sequence | np.ndarray) else [cause]
    asked = [cause] if isinstance(cause, str) else asked
    by_name = {name: code for code, name in rows.causes.items()}
    found = [by_name.get(one, one) for one in asked]
    wrong = [one for one in found if isinstance(one, bool | str) or one not in rows.causes]
    if wrong or not found:
        there = ", ".join(f"{code} ({name})" for code, name in rows.causes.items()) or "none"
        problem = "nobody left for the cause that is looked at"
        remedy = f'Name one that there is, or cause="any". There are: {there}.'
        refuse([finding("SR14", problem, remedy, column=event)])
    return [int(one) for one in found]


def _overlaps(rows: TimeRows, asked: Asked) -> Iterator[Finding]:
    if rows.person is None:
        return
    person = rows.person.codes
    if rows.start is None:
        several = np.bincount(person)[person] > 1
        remedy = "Name the column of starts: start=; or keep one row of each."
        problem = "people with several rows, and no starts"
        yield from where("SR17", several, problem, remedy, column=asked.person or "")
        return
    order = np.lexsort((rows.time, rows.start, person))
    early = (person[order][1:] == person[order][:-1]) & (
        rows.start[order][1:] < rows.time[order][:-1]
    )
    wrong = np.zeros(rows.n, dtype=bool)
    wrong[order[1:][early]] = True
    yield from where(
        "SR17",
        wrong,
        "rows that begin before the person's row before them has ended",
        "Cut them so that one begins where the other ends.",
        column=f"{asked.start} and {asked.time}",
    )


def _events(happened: Any, used: Any, event: str) -> Iterator[Finding]:
    if not (happened & used).any():
        where_ = "among rows with all covariates, " if happened.any() else ""
        problem = f"{where_}nobody left for the cause that is looked at"
        remedy = "Say how many were followed, and for how long."
        yield finding("SR14", problem, remedy, column=event)


def _unit(rows: TimeRows, happened: Any) -> tuple[Labels | None, str]:
    """Units of the error, and what they are; people only where rows or weights ask for it."""
    if rows.cluster is not None:
        return rows.cluster, "practice"
    parts = rows.weights is not None and bool((rows.weights != np.floor(rows.weights)).any())
    person = rows.person
    if person is not None and np.bincount(person.codes, happened).max() > 1:
        return person, "person"
    if not parts:
        return None, ""
    if person is not None:
        return person, "person"
    each = np.arange(rows.n, dtype=np.int64)
    return Labels(codes=each, levels=tuple(each.tolist())), "person"


def _units_left(rows: HazardRows, by: str, cluster: str | None) -> Iterator[Finding]:
    if by == "practice" and rows.unit is not None and rows.unit.count < _FEWEST:
        problem = f"only {rows.unit.count} practices are left once rows without a covariate are out"
        yield finding(
            "SR07", problem, "Leave that covariate or cluster= out.", column=cluster or ""
        )


def _check_errors(fitted: FittedCox, cluster: str | None) -> None:
    """Refuse errors that these rows do not give, before anybody asks for them."""
    try:
        _ = fitted.covariance
    except FitError as error:
        message = named_columns(error.message, fitted.names).rstrip(".")
        remedy = 'Leave out the covariate that so few practices tell of, or choose vcov="sandwich".'
        refuse([finding("SR07", message, remedy, column=cluster or "")])


def _default(rows: HazardRows, by: str) -> str:
    if rows.unit is None:
        return "sandwich" if rows.kind == SUBDISTRIBUTION else "model"
    return "jackknife" if by == "practice" and rows.unit.count <= _MOST_FITS else "sandwich"
