"""What was allocated and what was received, fitted every way that is told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splw_eval.confounding.basis.regressions import (
    Row,
    columns_of,
    fit_people,
    method_of,
    nothing_reckoned,
    of_contrast,
    reckoned,
    spread_of,
    unit,
)
from splw_eval.core.errors import FitError
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats
from splw_eval.stats.causal.anderson_rubin import AndersonRubin, anderson_rubin
from splw_eval.stats.causal.two_stage_least_squares import (
    TwoStageFit,
    fit_two_stages,
    jackknife_two_stages,
)
from splw_eval.stats.few_clusters.jackknife import (
    df_rule,
    groups_of_practices,
    jackknife_df,
    within_practices,
)

ITT = "intention to treat"
COMPLIERS = "complier-average effect"
AS_TREATED = "as treated (misleading)"
ANDERSON_RUBIN = "Anderson and Rubin's limits, right with a weak first stage too"
PER_PROTOCOL = "per protocol (misleading)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compliance:
    """Rows of the table and of the first stage.

    Attributes
    ----------
    table : tuple of dict
    first : dict
        The first stage.
    notes : tuple of str
        About single rows.
    """

    table: tuple[Row, ...]
    first: Row
    notes: tuple[str, ...]


def fit_compliance(rows: PersonRows, received: Floats, conf_level: float) -> Compliance:
    """Fit intention to treat, both stages, and the contrasts that mislead.

    Parameters
    ----------
    rows : PersonRows
        With an outcome and groups.
    received : ndarray, shape (n,)
        0 or 1.
    conf_level : float

    Returns
    -------
    Compliance

    Raises
    ------
    FitError
        Covariates depend on each other, or the allocation moved nobody.
    """
    assert rows.outcome is not None
    assert rows.group is not None
    y, by = rows.outcome, method_of(rows.cluster)
    allocated = columns_of(rows.group, rows.X)
    itt = _by_regression(rows, y, allocated, conf_level) | {"n": rows.n}
    stages = fit_two_stages(y, columns_of(received, rows.X), allocated)
    inside, notes = _among_compliers(rows, received, stages, conf_level)
    told = list(notes)
    misleading = []
    kept = received == rows.group
    for term, use in ((AS_TREATED, np.ones(rows.n, dtype=bool)), (PER_PROTOCOL, kept)):
        try:
            row = _by_regression(rows, y, columns_of(received, rows.X), conf_level, use)
        except FitError as error:
            row = nothing_reckoned()
            told.append(f"{term}: {error.message}")
        misleading.append(Row(term=term, method=by) | row | {"n": int(use.sum())})
    flags = {"default": False, "misleading": False}
    table = (
        Row(term=ITT, method=by) | flags | itt,
        *(Row(term=COMPLIERS) | {"misleading": False} | row | {"n": rows.n} for row in inside),
        *(row | flags | {"misleading": True} for row in misleading),
    )
    return Compliance(
        table=table, first=_first_stage(rows, received, allocated, conf_level), notes=tuple(told)
    )


def _by_regression(
    rows: PersonRows, y: Floats, columns: Floats, conf_level: float, use: Floats | None = None
) -> Row:
    """The coefficient after the intercept, of everybody or of some."""
    keep = np.ones(rows.n, dtype=bool) if use is None else np.asarray(use, dtype=bool)
    if rows.cluster is None:
        fit = fit_people(y[keep], columns[keep], None)
    else:
        fit = fit_people(
            y[keep], columns[keep], replace(rows.cluster, codes=rows.cluster.codes[keep])
        )
    return of_contrast(fit, unit(1, columns.shape[1]), conf_level, spread_of(y[keep]))


def _among_compliers(
    rows: PersonRows, received: Floats, stages: TwoStageFit, conf_level: float
) -> tuple[list[Row], list[str]]:
    """The two-stage estimate with each way of inference, the default first."""
    estimate = float(stages.coef[1])
    found: list[Row] = []
    notes: list[str] = []
    if rows.cluster is None:
        assert rows.outcome is not None
        error, spread = float(stages.std_error[1]), spread_of(rows.outcome)
        row = reckoned(estimate, error, stages.df, conf_level, spread)
        words = f"two stages, {method_of(None)}"
        found.append({"method": words, "default": True} | row)
    else:
        found += _by_practice(rows, received, stages, conf_level, notes)
    try:
        found.append(_anderson_rubin(rows, received, estimate, conf_level, notes))
    except FitError as error:
        notes.append(error.message)
    return found, notes


def _by_practice(
    rows: PersonRows,
    received: Floats,
    stages: TwoStageFit,
    conf_level: float,
    notes: list[str],
) -> Iterator[Row]:
    assert rows.cluster is not None
    assert rows.group is not None
    assert rows.outcome is not None
    codes, estimate = rows.cluster.codes, float(stages.coef[1])
    groups, own = groups_of_practices(rows.group, codes), within_practices(rows.X, codes)
    spread = spread_of(rows.outcome)
    try:
        X, Z = columns_of(received, rows.X), columns_of(rows.group, rows.X)  # noqa: N806
        found = jackknife_two_stages(rows.outcome, X, Z, codes)
        df = jackknife_df(found.values[:, 1], estimate, groups, own)
        row = reckoned(estimate, float(found.std_error[1]), df, conf_level, spread)
    except FitError as problem:
        notes.append(problem.message)
        row = nothing_reckoned(estimate)
    words = f"two stages, practices left out one by one, {df_rule(groups, own)}"
    yield {"method": words, "default": True} | row
    fit = stages.by_practice(codes)
    row = of_contrast(fit, unit(1, len(fit.coef)), conf_level, spread) | {"estimate": estimate}
    words = "two stages, CR2 by practice, Satterthwaite df"
    yield {"method": words, "default": False} | row


def _anderson_rubin(
    rows: PersonRows,
    received: Floats,
    estimate: float,
    conf_level: float,
    notes: list[str],
) -> Row:
    """Limits by inverting the test of the allocation; no standard error belongs to them."""
    assert rows.outcome is not None
    assert rows.group is not None
    codes = None if rows.cluster is None else rows.cluster.codes
    found = anderson_rubin(
        rows.outcome,
        received,
        rows.group,
        columns_of(rows.X),
        cluster=codes,
        conf_level=conf_level,
    )
    if found.shape != "interval":
        notes.append(_unbounded(found))
    outside = found.shape == "outside"
    return nothing_reckoned(estimate) | {
        "method": ANDERSON_RUBIN,
        "default": False,
        "df": found.df,
        "conf_low": math.nan if outside else found.low,
        "conf_high": math.nan if outside else found.high,
    }


def _unbounded(found: AndersonRubin) -> str:
    if found.shape == "everything":
        return "Anderson and Rubin's test contradicts no value: the data bound no effect at all."
    return (
        "Anderson and Rubin's test contradicts only values between "
        f"{found.low:.4g} and {found.high:.4g}: the data bound no effect."
    )


def _first_stage(rows: PersonRows, received: Floats, allocated: Floats, conf_level: float) -> Row:
    fit = fit_people(received, allocated, rows.cluster)
    pick = unit(1, allocated.shape[1])
    row = of_contrast(fit, pick, conf_level, spread_of(received))
    # Without an error everybody did as allocated.
    square = math.inf if math.isnan(row["std_error"]) else row["statistic"] ** 2
    return (
        Row(term="more received")
        | row
        | {"n": rows.n, "f": square, "df_above": 1.0, "df_below": row["df"]}
    )
