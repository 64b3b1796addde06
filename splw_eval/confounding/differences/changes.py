"""Changes of two groups: unadjusted, doubly robust, and ANCOVA, and why they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.confounding.basis.regressions import (
    Row,
    columns_of,
    fit_people,
    method_of,
    nothing_reckoned,
    of_contrast,
    practices_of_groups,
    reckoned,
    spread_of,
    unit,
)
from splw_eval.confounding.basis.separating import unfit
from splw_eval.confounding.checks import refuse
from splw_eval.core.errors import FitError
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats
from splw_eval.stats.causal.did import (
    DoublyRobust,
    doubly_robust_difference,
    jackknife_difference,
)
from splw_eval.stats.few_clusters.jackknife import (
    FEW_PRACTICES,
    df_rule,
    groups_of_practices,
    jackknife_df,
    within_practices,
)
from splw_eval.stats.weighting.propensity import effective_size

UNADJUSTED = "unadjusted difference in changes"
ROBUST = "doubly robust difference in differences"
ANCOVA = "ANCOVA, difference given the score at the start"
_NEARLY_ALIKE = 0.05  # standard deviations at the start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """What the rows of two groups came to.

    Attributes
    ----------
    rows : PersonRows
    table : tuple of dict
        Rows of the table.
    start, start_adjusted : float
        Difference at the start, as it is and with the covariates alike.
    spread : float
        Standard deviation at the start, within groups.
    slope : float
        Of ANCOVA, on the score at the start.
    effective_reference : float
        People that the weighted reference group is worth.
    notes : tuple of str
    """

    rows: PersonRows
    table: tuple[Row, ...]
    start: float
    start_adjusted: float
    spread: float
    slope: float
    effective_reference: float
    notes: tuple[str, ...]

    def estimate(self, term: str) -> float:
        """Estimate of the first row of a term.

        Parameters
        ----------
        term : str

        Returns
        -------
        float
        """
        return float(next(row["estimate"] for row in self.table if row["term"] == term))


def compare_changes(rows: PersonRows, baseline: str, conf_level: float) -> Changes:
    """Compare the changes of the two groups in every way that the table has.

    Parameters
    ----------
    rows : PersonRows
        With an outcome, groups, and the score at the start among its numbers.
    baseline : str
    conf_level : float

    Returns
    -------
    Changes

    Raises
    ------
    ComparisonError
        Covariates foretell the group.
    FitError
        Covariates depend on each other.
    """
    assert rows.outcome is not None
    assert rows.group is not None
    before, treated = rows.numbers[baseline], rows.group == 1
    change = rows.outcome - before
    robust = _robust(rows, change, treated)
    crude = fit_people(change, columns_of(rows.group), rows.cluster)
    ancova = fit_people(rows.outcome, columns_of(rows.group, before, rows.X), rows.cluster)
    start = fit_people(before, columns_of(rows.group, rows.X), rows.cluster)
    inferred, notes = _inferred(rows, change, robust, conf_level)
    wide = spread_of(np.concatenate([rows.outcome, before]))
    by: Row = {"method": method_of(rows.cluster), "default": False}
    table = (
        Row(term=UNADJUSTED) | by | of_contrast(crude, unit(1, 2), conf_level, wide),
        *(Row(term=ROBUST) | row for row in inferred),
        Row(term=ANCOVA) | by | of_contrast(ancova, unit(1, len(ancova.coef)), conf_level, wide),
    )
    means = np.array([before[~treated].mean(), before[treated].mean()])
    within = before - means[rows.group]
    return Changes(
        rows=rows,
        table=tuple(row | {"n": rows.n} for row in table),
        start=float(means[1] - means[0]),
        start_adjusted=float(start.coef[1]),
        spread=float(np.sqrt(within @ within / max(rows.n - 2, 1))),
        slope=float(ancova.coef[2]),
        effective_reference=effective_size(robust.weights[~treated]),
        notes=notes,
    )


def _robust(rows: PersonRows, change: Floats, treated: Any) -> DoublyRobust:
    def made(columns: Floats) -> DoublyRobust:
        return doubly_robust_difference(change, treated, columns_of(columns))

    try:
        return made(rows.X)
    except FitError as error:
        refuse([unfit(rows, made, error, "Leave a covariate out, or join levels.")])
        raise


def _inferred(
    rows: PersonRows, change: Floats, robust: DoublyRobust, conf_level: float
) -> tuple[list[Row], tuple[str, ...]]:
    """The doubly robust difference with each of its standard errors, the default first."""
    estimate, spread = robust.estimate, spread_of(change)
    if rows.cluster is None:
        row = reckoned(estimate, robust.std_error(), math.inf, conf_level, spread)
        words = "influence functions of people, normal distribution"
        return [{"method": words, "default": True} | row], ()
    assert rows.group is not None
    codes = rows.cluster.codes
    groups, own = groups_of_practices(rows.group, codes), within_practices(rows.X, codes)
    df = jackknife_df(robust.by_practice(codes), 0.0, groups, own)
    summed = reckoned(estimate, robust.std_error(codes), df, conf_level, spread)
    rule = df_rule(groups, own)
    second: Row = {"method": f"influence functions summed by practice, {rule}", "default": False}
    notes: tuple[str, ...] = ()
    try:
        found = jackknife_difference(change, rows.group, columns_of(rows.X), codes)
        df = jackknife_df(found.values[:, 0], estimate, groups, own)
        row = reckoned(estimate, float(found.std_error[0]), df, conf_level, spread)
    except FitError as error:
        row = nothing_reckoned(estimate)
        notes = (
            f"{error.message} So there is no standard error by leaving practices out, and the one "
            "by influence functions is too small with few practices.",
        )
    if min(practices_of_groups(rows)) < FEW_PRACTICES:
        notes += (
            "Influence functions summed by practice are too narrow with so few practices in a "
            "group; read the row with practices left out.",
        )
    words = f"practices left out one by one, {rule}"
    return [{"method": words, "default": True} | row, second | summed], notes


def lords_paradox(found: Changes) -> str:
    """Why difference in differences and ANCOVA differ in these data, in words.

    Parameters
    ----------
    found : Changes

    Returns
    -------
    str
    """
    reference, other = found.rows.groups
    did, ancova = found.estimate(ROBUST), found.estimate(ANCOVA)
    size = abs(found.start) / found.spread if found.spread > 0 else math.nan
    way, alone = _side(found.start), _side(found.start_adjusted)
    closing = (1 - found.slope) * found.start_adjusted
    share = 100 * (1 - found.slope)
    would = (
        f"{share:.0f}% of it would have closed" if share >= 0 else f"it would grow {-share:.0f}%"
    )
    alike = (
        " The groups began nearly alike, so the two have little to differ about."
        if size < _NEARLY_ALIKE
        else ""
    )
    return (
        f"Difference in differences gives {did:.4g}, ANCOVA {ancova:.4g}. At the start "
        f'"{other}" was {abs(found.start):.4g} {way} than "{reference}" ({size:.2f} standard '
        f"deviations; {abs(found.start_adjusted):.4g} {alone} with the covariates alike). The "
        "first takes it that without the programme this gap would have stayed; ANCOVA, whose "
        f"slope on the score at the start is {found.slope:.2f}, that {would}. That moves ANCOVA "
        f"by {closing:.4g} against a difference in changes with the same covariates. The data "
        "cannot tell which is right (Lord's paradox): where the two disagree, that is a "
        f"finding.{alike}"
    )


def _side(difference: float) -> str:
    return "higher" if difference >= 0 else "lower"
