"""One contrast by every method: where they disagree, and which to believe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.boundary import held
from splw_eval.models.contrasts import ContrastRows, contrast_rows
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.estimates import COLUMNS, errors_and_df, few_clusters, table_of, told
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.margins import default_by
from splw_eval.models.practice_means import means_test
from splw_eval.models.row_covariances import marginal_residuals, row_covariances
from splw_eval.models.variables import Floats
from splw_eval.stats.mixed.robust import RobustFit, fit_robust

if TYPE_CHECKING:
    import pandas as pd

MEANS = "t test of practice means"
BETWEEN_WITHIN = "between-within"
_TITLES = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward-Roger"}
_MOST_UNITS = 20_000  # people or practices whose matrices p x p are kept


def side_by_side(
    fitted: FitRecord,
    what: str | Mapping[str, float],
    *,
    waves: Sequence[Any] | None,
    at: Mapping[str, Any] | None,
) -> pd.DataFrame:
    """See `FittedMixedModel.side_by_side`."""
    made = contrast_rows(fitted.design, what, waves=waves, at=at)
    tables, notes = _by_rules(fitted, made, [("z", None, "model, z"), *_rules(fitted)])
    if few_clusters(fitted):
        notes.append("CR2 and CR3 are left out: there are too few clusters.")
    for kind in () if few_clusters(fitted) else ("CR2", "CR3"):
        try:
            tables.append(_of_robust(fitted, made, kind))
        except FitError as error:
            notes.append(f"{kind} is left out: {error.message}")
    tables += _of_means(fitted, made)
    return _in_order(tables, made, notes)


def at_boundary(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.at_boundary`."""
    import pandas as pd

    columns = ["term", "method", *COLUMNS[1:]]
    if not held(fitted).any():
        return pd.DataFrame(columns=columns)
    names, asked = fitted.design.names, fitted.spec.df
    people = (fitted.design.person.count,) * len(names)
    every = ContrastRows(labels=names, rows=np.eye(len(names)), n=people)
    rules = [rule for rule in _rules(fitted) if rule[0] in (asked, BETWEEN_WITHIN)]
    rules = rules if asked in _TITLES else _rules(fitted)
    tables = [
        _in_order(_by_rules(fitted, made, rules)[0], made, [])
        for made in (every, *between_arms(fitted))
    ]
    return pd.concat(tables, ignore_index=True)[columns]


def _by_rules(
    fitted: FitRecord, made: ContrastRows, rules: Sequence[tuple[str, str | None, str]]
) -> tuple[list[pd.DataFrame], list[str]]:
    """Tables of the rules that give an answer, and why others do not."""
    tables, notes = [], []
    for rule, boundary, title in rules:
        try:
            tables.append(_of_model(fitted, made, rule, boundary, title))
        except FitError as error:
            notes.append(f"{title} is left out: {error.message}")
    return tables, notes


def between_arms(fitted: FitRecord) -> list[ContrastRows]:
    """Differences of the arms, and in change, where the design has them."""
    design = fitted.design
    if design.arm is None or design.roles.arm not in default_by(design):
        return []
    if design.wave is not None and design.roles.wave not in default_by(design):
        return []
    kinds = ["difference"] + (["difference in change"] if design.waves > 1 else [])
    try:
        return [contrast_rows(design, kind) for kind in kinds]
    except FitError:  # arms as a dose, or cells that no row shows
        return []


def _rules(fitted: FitRecord) -> list[tuple[str, str | None, str]]:
    """Rules of degrees of freedom: name, rule of the boundary, title.

    Where only a whole covariance is singular no parameter leaves by itself, and both rules of the
    boundary are one.
    """
    boundaries = ["keep"] + (["conditional"] if fitted.fit.fit.bound[0].any() else [])
    found: list[tuple[str, str | None, str]] = [
        (rule, boundary, f"{title} ({boundary})")
        for rule, title in _TITLES.items()
        for boundary in boundaries
    ]
    return [*found, (BETWEEN_WITHIN, None, BETWEEN_WITHIN)]


def _table(
    fitted: FitRecord, made: ContrastRows, error: Floats, freedom: Floats, title: str
) -> pd.DataFrame:
    table = table_of(
        made.labels,
        made.rows @ fitted.fit.beta[0],
        error,
        freedom,
        list(made.n),
        fitted.spec.conf_level,
        told=told(fitted),
    )
    table.insert(1, "method", title)
    return table


def _of_model(
    fitted: FitRecord, made: ContrastRows, rule: str, boundary: str | None, title: str
) -> pd.DataFrame:
    error, freedom = errors_and_df(fitted, made.rows, df=rule, boundary=boundary)
    return _table(fitted, made, error, freedom, title)


def _of_robust(fitted: FitRecord, made: ContrastRows, kind: str) -> pd.DataFrame:
    robust = robust_fit(fitted, kind)
    error = np.sqrt(np.einsum("mp,pq,mq->m", made.rows, robust.vcov, made.rows))
    freedom = np.array([robust.satterthwaite_df(row) if row.any() else np.nan for row in made.rows])
    by = "cluster" if fitted.design.cluster is not None else "person"
    return _table(fitted, made, error, freedom, f"{kind} by {by}")


def robust_fit(fitted: FitRecord, kind: str) -> RobustFit:
    """Covariance that holds whatever the true one is, by the unit of allocation.

    Parameters
    ----------
    fitted : FitRecord
    kind : str
        ``CR0``, ``CR2`` or ``CR3``.

    Returns
    -------
    RobustFit
        By practice; by person where there are none, and for people who have none, or whose
        practices have no effects in the model.

    Raises
    ------
    FitError
        There are too many units, or one of them is too large.
    """
    design, parts = fitted.design, row_covariances(fitted)
    unit = design.person.codes
    clusters = clusters_with_effects(design, fitted.spec) or design.cluster
    if clusters is not None:
        unit = np.where(clusters.codes >= 0, clusters.codes, clusters.count + unit)
    units = len(np.unique(unit))
    if units > _MOST_UNITS:
        raise FitError(f"There are {units:,} units; so many need no correction for few units.")
    group = parts.cluster_group[parts.cluster]
    return fit_robust(
        design.x,
        marginal_residuals(fitted),
        person=design.person.codes,
        wave=design.wave_codes,
        cluster=unit,
        covariance=parts.sigma,
        effects=parts.shared,
        phi=fitted.fit.phi[0],
        kind=kind,
        group=parts.group,
        shares=np.where(parts.have_effects[group], group, -1),
    )


def _of_means(fitted: FitRecord, made: ContrastRows) -> list[pd.DataFrame]:
    clusters = clusters_with_effects(fitted.design, fitted.spec)
    if clusters is not None and (clusters.codes < 0).any():  # an arm of people, not practices
        return []
    tests = [means_test(fitted.design, weight) for weight in made.weights]
    some = [(label, test) for label, test in zip(made.labels, tests, strict=False) if test]
    if not some:
        return []
    table = table_of(
        [label for label, _ in some],
        np.array([test.estimate for _, test in some]),
        np.array([test.std_error for _, test in some]),
        np.array([test.df for _, test in some]),
        [test.people for _, test in some],
        fitted.spec.conf_level,
        told=told(fitted),
    )
    table.insert(1, "method", MEANS)
    return [table]


def _in_order(tables: list[pd.DataFrame], made: ContrastRows, notes: list[str]) -> pd.DataFrame:
    """Put the methods of one contrast below each other."""
    import pandas as pd

    found = pd.concat(tables, ignore_index=True)
    place = {label: order for order, label in enumerate(made.labels)}
    found = found.sort_values("term", key=lambda terms: terms.map(place), kind="stable")
    found = found.reset_index(drop=True)
    found.attrs["notes"] = tuple(notes)
    return found
