"""What a reader of hazard ratios must know, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.variables import level_label
from splw_eval.retention.columns import nobody_engaged
from splw_eval.retention.hazards import cox_tables
from splw_eval.retention.hazards.hazard_fit import HazardFit
from splw_eval.retention.hazards.hazard_rows import SUBDISTRIBUTION
from splw_eval.retention.hazards.held_by import few_units
from splw_eval.retention.plain_text import curve_text

_FEW_EVENTS = 10  # for each coefficient, below which ratios are unsteady
_FEW_PRACTICES = 15
_MANY_PRACTICES = 40  # from which the plain sandwich is no longer far too small
_WAYS = {
    "jackknife": "by leaving one {by} out at a time",
    "sandwich": "by the sandwich summed by {by}",
    "kc": "by the sandwich summed by {by}, with Kauermann and Carroll's correction",
    "md": "by the sandwich summed by {by}, with Mancl and DeRouen's correction",
    "model": "by the model, people taken as independent",
}


def text(fitted: HazardFit) -> str:
    """The fit as plain text."""
    shown = cox_tables.coefficients(fitted)
    names = ["term", "hazard_ratio", "hazard_ratio_low", "hazard_ratio_high", "estimate"]
    names += ["std_error", "df", "p_value", "n", "events"]
    title = f"Hazard ratios ({fitted.rows.kind}) of {fitted.cause}"
    return curve_text(title, shown[names], method(fitted), tuple(notes(fitted)))


def method(fitted: HazardFit) -> str:
    """Model, ties, errors and df rule."""
    if fitted.rows.kind == SUBDISTRIBUTION:
        model = "Fine and Gray's model of the subdistribution hazard, Breslow's ties"
    else:
        model = f"proportional hazards, {fitted.rows.ties.capitalize()}'s ties"
    errors = _WAYS[fitted.vcov].format(by=fitted.by or "person")
    if np.isinf(fitted.df):
        return f"{model}; standard errors {errors}; normal limits"
    units = {"practice": "practices", "person": "people"}[fitted.by]
    return f"{model}; standard errors {errors}; t with {units} less 2 degrees of freedom"


def notes(fitted: HazardFit) -> Iterator[str]:
    """See `HazardFit.notes`."""
    rows = fitted.rows
    counted = f"{len(rows.stop):,} rows"
    if fitted.people is not None:
        counted += f" of {fitted.people:,} people"
    if fitted.clusters is not None:
        counted += f" in {fitted.clusters} practices"
    yield f"{counted}; {fitted.events:,} left ({fitted.cause})."
    yield from nobody_engaged(rows.event, "row that is used" if fitted.left_out else "row")
    if rows.start is not None and fitted.people is None:
        yield "n counts rows, as no id was given: how many people they are is not known."
    if fitted.left_out:
        yield f"{fitted.left_out:,} rows are left out, as a covariate is missing there."
    yield (
        "Hazard ratios are associations, not effects: those who differ in one thing differ in "
        "others."
    )
    yield from _compared(fitted)
    yield from _competing(fitted)
    yield from _proportional(fitted)
    yield from _strata(fitted)
    yield from _few(fitted)
    yield from _errors(fitted)


def _competing(fitted: HazardFit) -> Iterator[str]:
    rows = fitted.rows
    other = int(((rows.event > 0) & ~rows.happened).sum())
    if not other:
        return
    if rows.kind == SUBDISTRIBUTION:
        yield (
            f"{other:,} left for another cause and stay at risk with a weight: the ratios say how "
            "a covariate moves the share who leave for this cause, not the rate of leaving."
        )
    else:
        yield (
            f"{other:,} left for another cause and count as no longer at risk: these are "
            "cause-specific hazards. Look at cumulative_incidence of all causes as well."
        )


def _proportional(fitted: HazardFit) -> Iterator[str]:
    start = "Each ratio is taken to be the same on all days"
    if fitted.rows.kind == SUBDISTRIBUTION:
        yield f"{start}; no test of that is given for this model."
        return
    try:
        tests = cox_tables.proportional(fitted, "km")
    except FitError:
        yield f"{start}; these rows cannot tell whether it is."
        return
    by = f"p_by_{fitted.by}"
    last = tests.iloc[-1]
    more = "a large p is no proof; see proportional_hazards for each term."
    if by in tests and np.isfinite(last[by]):
        units = {"practice": "practices", "person": "people"}[fitted.by]
        told = (
            f"{start}: the score test of that by {fitted.by} has p = {last[by]:.2g} for all terms "
        )
        yield f"{told}together, {units} taken as independent; {more}"
    elif fitted.rows.fractional:
        yield f"{start}; there are too few units to test that with these weights."
    else:
        yield (
            f"{start}: the score test of that has p = {last['p_value']:.2g} for all terms "
            f"together. It ignores practices, and {more}"
        )


def _compared(fitted: HazardFit) -> Iterator[str]:
    """Which level each category is compared with."""
    covariates = fitted.rows.covariates
    found = [
        f'"{factor.name}" with "{level_label(variable.levels[0])}"'
        for factor, variable in covariates.part.variables.items()
        if variable.levels and len(variable.levels) > 1
    ]
    yield from covariates.without_ratio()
    if found:
        yield f"Levels are compared: {'; '.join(found)}."


def _strata(fitted: HazardFit) -> Iterator[str]:
    """Strata that nobody left."""
    rows = fitted.rows
    if rows.stratum is None:
        return
    left = np.bincount(rows.stratum.codes, rows.happened, minlength=rows.stratum.count)
    empty = int((left == 0).sum())
    if empty:
        yield (
            f"Nobody left in {empty} of {rows.stratum.count} strata: these say nothing of the "
            "ratios, and their curve stays at 1 with limits that are none."
        )


def _few(fitted: HazardFit) -> Iterator[str]:
    each = fitted.events / len(fitted.names)
    if each < _FEW_EVENTS:
        yield (
            f"There are {each:.1f} leavings for each coefficient, fewer than about "
            f"{_FEW_EVENTS}: the ratios are unsteady and lie too far from 1."
        )


def _errors(fitted: HazardFit) -> Iterator[str]:
    yield f"Standard errors are made {_WAYS[fitted.vcov].format(by=fitted.by or 'person')}."
    if fitted.clusters is not None and fitted.vcov == "model":
        yield "They ignore the practices that were given, and are too small where practices differ."
    elif fitted.clusters is not None and fitted.clusters < _FEW_PRACTICES:
        yield (
            f"With {fitted.clusters} practices any such error is itself uncertain; see errors for "
            "the others side by side."
        )
    elif fitted.clusters is None and fitted.by != "practice":
        yield "No practices were given, so people are taken as independent."
    if fitted.clusters is not None and fitted.vcov == "sandwich":
        yield from _sandwich(fitted, fitted.clusters)
    if fitted.rows.fractional:
        yield (
            "Weights are no whole numbers: errors of what is foretold are robust ones, by "
            f"{fitted.by}, and the test of proportional hazards is by {fitted.by} alone, so "
            "neither hangs on the unit of the weights."
        )
    elif fitted.rows.weights is not None and (fitted.rows.weights != 1).any():
        yield (
            "Weights are whole numbers: each row counts as so many people who are alike. Weights "
            "that count no people must be given so that some are no whole numbers."
        )
    if cox_tables.too_many(fitted):
        yield "errors has no jackknife: with so many units it asks for too many fits."


def _sandwich(fitted: HazardFit, practices: int) -> Iterator[str]:
    """How far the plain sandwich was too small where practices were few."""
    if practices < _MANY_PRACTICES:
        yield (
            f"With {practices} practices these errors are too small. In trials of 7 against 8 "
            "practices without a difference, tests by them (normal distribution) found one in 8.6 "
            "to 12.5 % in place of 5 %: docs/methods/size-of-retention-tests.md. The jackknife, "
            "where there is one, found one in 3.7 to 5.9 %."
        )
    for name, count in few_units(fitted.rows, most=2).items():
        held = "one practice" if count == 1 else "two practices"
        yield (
            f'A level of "{name}", or those who left at it, are of {held} alone: its error and p '
            "are much smaller still than they ought to be, and are not to be relied on."
        )
