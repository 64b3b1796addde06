"""Estimating equations for responders, bands and counts, with inference at the allocation unit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.checks import check_frame, finding, refuse
from splw_eval.models.design import Design, Labelled, Roles, design_of
from splw_eval.models.fitted_gee import FittedGee
from splw_eval.models.formula import parse_formula
from splw_eval.models.gee_checks import (
    FEW,
    check_alone,
    check_equations,
    check_options,
    one_sided_cells,
    without_intercept,
)
from splw_eval.models.gee_families import FAMILIES
from splw_eval.models.gee_fit import GeeFit, fit_bands, fit_equations
from splw_eval.models.gee_outcomes import FEWEST_BANDS, read_outcome
from splw_eval.models.names import check_names
from splw_eval.stats.gee_corrections import correct_sandwich

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {
    "mancl-derouen": "Mancl-DeRouen",
    "kauermann-carroll": "Kauermann-Carroll",
    "fay-graubard": "Fay-Graubard",
    "none": "no",
}


def fit_gee(  # noqa: PLR0913 - all but the frame by name, each with its own meaning
    frame: pd.DataFrame,
    *,
    outcome: str,
    fixed: str,
    person: str,
    cluster: str | None = None,
    wave: str | None = None,
    family: str = "binary",
    working: str | None = None,
    correction: str = "kauermann-carroll",
    df: str | float = "satterthwaite",
    conf_level: float = 0.95,
) -> FittedGee:
    """Fit a marginal model by generalised estimating equations.

    Parameters
    ----------
    frame : DataFrame
        One row of each person at each wave.
    outcome : str
        Its column: 0 and 1 (or False and True); ordered bands; counts; numbers.
    fixed : str
        Formula of column names, ``1``, ``+ - * :`` and ``C()``.
    person : str
        Column that says whose row it is.
    cluster : str, optional
        Column of the allocation unit, usually the practice. Where it is given, the equations
        and their covariance are by cluster, else by person.
    wave : str, optional
        Column of waves; without it there is one row of each person.
    family : str
        ``binary``, ``ordinal``, ``count`` or ``gaussian``.
    working : str, optional
        ``exchangeable`` (the default) or ``independence`` (the only one for bands).
    correction : str
        ``mancl-derouen``, ``kauermann-carroll``, ``fay-graubard`` or ``none``.
    df : str or float
        ``clusters-parameters`` (clusters less coefficients of columns that are constant within
        each of them), ``satterthwaite``, ``z``, or a number.
    conf_level : float

    Returns
    -------
    FittedGee

    Raises
    ------
    ModelError
        The data cannot carry the model; everything found is named by row and column.
    FitError
        The formula cannot be read, or the equations do not settle.

    Sources
    -------
    Liang & Zeger 1986, Biometrika 73:13; the corrections as in `correct_sandwich`.
    """
    check_options(family, working, correction, df, conf_level)
    formula = parse_formula(fixed)
    roles = Roles(outcome=outcome, person=person, wave=wave, cluster=cluster)
    bands: tuple[object, ...] = ()
    if (frame.columns == outcome).sum() == 1:
        read = read_outcome(frame[outcome], outcome, family)
        frame, bands = frame.assign(**{outcome: read.values}), read.bands
    values = check_frame(frame, formula, roles, cluster_where=None)
    design = design_of(frame, formula, roles, values, constrained=False)
    refuse(list(check_names(design.part)))
    role = "cluster" if cluster is not None else "person"
    unit = design.cluster if design.cluster is not None else design.person
    check_equations(design, unit, role, family)
    exchangeable = (working or "exchangeable") == "exchangeable"
    fit, names, bands = _fit(design, unit, family, bands, exchangeable=exchangeable)
    corrected = correct_sandwich(fit.pieces, correction)
    check_alone(names, corrected, "practice" if role == "cluster" else "person")
    parameters = cluster_level_parameters(design, unit)
    return FittedGee(
        design=design,
        family=FAMILIES[family],
        bands=bands,
        names=names,
        fit=fit,
        clusters=unit.count,
        correction=correction,
        df_rule=_df_rule(df, unit.count, parameters),
        conf_level=conf_level,
        notes=tuple(_notes(design, unit, family, fit, correction, df, parameters)),
    )


def _fit(
    design: Design, unit: Labelled, family: str, bands: tuple[object, ...], *, exchangeable: bool
) -> tuple[GeeFit, tuple[str, ...], tuple[object, ...]]:
    """Fit, names of the coefficients, and the bands that occur."""
    if family != "ordinal":
        codes = unit.codes
        chosen = FAMILIES[family]
        fit = fit_equations(design.x, design.y, codes, chosen, exchangeable=exchangeable)
        return fit, design.names, ()
    places, band = np.unique(design.y, return_inverse=True)
    seen = tuple(bands[int(place)] for place in places)
    if len(seen) < FEWEST_BANDS:
        problem = f"only {len(seen)} bands are left once rows without a covariate are out"
        refuse([finding("SM10", problem, "Join bands, or look at the missing covariates.")])
    x, names = without_intercept(design)
    cuts = [f"{low}|{high}" for low, high in pairwise(seen)]
    return fit_bands(x, band, unit.codes), (*cuts, *names), seen


def cluster_level_parameters(design: Design, unit: Labelled) -> int:
    """Columns that are constant within every unit, the intercept among them.

    Parameters
    ----------
    design : Design
    unit : Labelled

    Returns
    -------
    int
        The thresholds of bands count as one intercept.
    """
    first = design.x[unit.first_rows()][unit.codes]
    return int((design.x == first).all(axis=0).sum())


def _df_rule(df: str | float, clusters: int, parameters: int) -> str | float:
    """The rule as a number, but for Satterthwaite's, which goes by contrast."""
    if df == "clusters-parameters":
        # Above 0: were there as many coefficients as units, one unit alone would fix each.
        return float(clusters - parameters)
    if df == "z":
        return float("inf")
    return df if isinstance(df, str) else float(df)


def _notes(
    design: Design,
    unit: Labelled,
    family: str,
    fit: GeeFit,
    correction: str,
    df: str | float,
    parameters: int,
) -> Iterator[str]:
    by = "practice" if design.cluster is not None else "person"
    yield (
        f"{FAMILIES[family].model[0].upper()}{FAMILIES[family].model[1:]}: "
        f"{len(design.y)} rows of {design.person.count} people, {unit.count} units ({by}); "
        f"covariance by {by}, with {_WORDS[correction]} correction."
    )
    yield from fit.notes
    rule = {
        "clusters-parameters": f"units less the {parameters} coefficients of their level",
        "satterthwaite": "Satterthwaite's, for each contrast",
        "z": "without limit (normal quantiles)",
    }.get(str(df), f"{df}, as given")
    yield f"Intervals use Student's t; its df are {rule}."
    if unit.count < FEW:
        yield (
            f"There are {unit.count} units, fewer than about {FEW}: the sandwich covariance is too "
            f"small without a correction, and corrections differ; see the four side by side."
        )
    if family == "ordinal":
        yield (
            "Proportional odds are assumed: a term moves the odds of being above every cut "
            "by the same ratio."
        )
    if family == "binary":
        yield from one_sided_cells(design)
    lost = sum(design.left_out.values())
    if lost:
        parts = ", ".join(f"{count} {why}" for why, count in design.left_out.items() if count)
        yield (
            f"{lost} rows of the frame are left out ({parts}). These equations are valid where "
            "rows are missing completely at random, given the fixed part; they do not draw on "
            "what else is known of those people."
        )
