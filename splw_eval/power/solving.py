"""The chance to detect a difference, and the number or the difference that reaches a chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splw_eval.power.checks import InfeasibleError, finding, refuse
from splw_eval.power.design import Design, Values
from splw_eval.power.precision import Precision
from splw_eval.stats.power.noncentral import critical_value, power_of_test
from splw_eval.stats.power.roots import crossing

Array = NDArray[np.float64]

_SPANS = {  # where numbers are looked for; with the normal fewer than one may do
    "clusters": (1e-6, 1e7),
    "size": (1e-6, 1e9),
    "patients": (1e-6, 1e10),
    "controls": (1e-6, 1e10),
    "events": (1e-6, 1e10),
}
_TWO_WAYS = ("p1", "rate1", "or_", "hr")  # which are not alike up and down
_REACHED = 1e-9  # of power, for rounding
_WHOLE = 1e-7  # above a whole number, by rounding of the search alone


def degrees_of_freedom(values: Values, found: Precision, rule: str | None = None) -> Array:
    """Degrees of freedom of the test.

    Parameters
    ----------
    values : Values
    found : Precision
    rule : str, optional
        One of the design's, or ``z``; by default as the values have it.

    Returns
    -------
    ndarray

    Raises
    ------
    DesignError
        The design has no such rule.
    """
    asked = rule or ("z" if values.test == "z" else values.df)
    if asked is None:
        return next(iter(found.df.values()))
    if isinstance(asked, np.ndarray):
        return asked
    if asked == "z":
        return np.asarray(np.inf)
    if asked == "satterthwaite" and "welch" in found.df:  # arms with variances of their own
        return found.df["welch"]
    if asked in found.df:
        return found.df[asked]
    try:
        return np.asarray(float(asked))
    except ValueError:
        rules = dict.fromkeys((*found.df, "z"))
        remedy = f"There are: {', '.join(rules)}, or a number."
        refuse([finding("SZ03", "df", f'"{asked}" is no rule of this design', remedy)])
        raise


def chance(values: Values, found: Precision, rule: str | None = None) -> Array:
    """Chance that the test rejects.

    Parameters
    ----------
    values : Values
    found : Precision
    rule : str, optional
        As in `degrees_of_freedom`.

    Returns
    -------
    ndarray
        0 where there are no degrees of freedom.
    """
    df = degrees_of_freedom(values, found, rule)
    if found.rejects is not None:
        return np.where(df > 0, found.rejects(np.where(df > 0, df, 1.0)), 0.0)
    ratio = 1.0 if found.null_variance is None else np.sqrt(found.null_variance / found.variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        ncp = np.abs(found.effect) / found.std_error  # one side: that of the planned difference
    power = power_of_test(
        ncp,
        np.where(df > 0, df, np.nan),
        values.alpha,
        sides=int(values.sides),
        tails=values.tails,
        ratio=ratio,
    )
    return np.asarray(np.where(np.isnan(power) & ~np.isnan(ncp), 0.0, power), dtype=np.float64)


def solve_number(design: Design, name: str, rule: str | None = None) -> Array:
    """The number of clusters, people, ... at which the chance is what was asked, not rounded.

    Parameters
    ----------
    design : Design
    name : str
        ``clusters``, ``size``, ``patients`` or ``controls``.
    rule : str, optional

    Returns
    -------
    ndarray

    Raises
    ------
    InfeasibleError
        No number reaches it; the message has the ceiling.
    """
    values, kind = design.values, design.kind

    def reached(x: Array) -> Array:
        tried = values.changed(**{name: x}, **_instead_of(name))
        return np.asarray(chance(tried, kind.precision(tried), rule) - values.power)

    low, high = _SPANS[name]
    top = reached(np.asarray(high))
    if (top < 0).any():
        ceiling = float(np.min(top + values.power))
        raise InfeasibleError(_too_much(design, name, ceiling), ceiling=ceiling)
    return np.asarray(
        np.exp(crossing(lambda u: reached(np.exp(u)), np.log(low), np.log(high), top.shape))
    )


def solve_difference(design: Design, rule: str | None = None) -> Array:
    """The least difference that is detected with the chance that was asked.

    Parameters
    ----------
    design : Design
    rule : str, optional

    Returns
    -------
    ndarray
        In the first of the options in which the kind tells its effect; see `Kind.span`. In the
        direction of the difference that was given; with none, in the other where only that
        direction reaches the chance.

    Raises
    ------
    InfeasibleError
    """
    found, top = _difference(design, design.values, rule)
    power = _asked(design.values)
    short = top < power
    if short.any() and _may_turn(design):
        turned, other = _difference(design, _turned(design), rule)
        found, top = np.where(short, turned, found), np.where(short, np.fmax(top, other), top)
        short = top < power
    if short.any():
        ceiling = float(np.min(top))
        raise InfeasibleError(_too_much(design, "mde", ceiling), ceiling=ceiling)
    return np.asarray(found)


def _asked(values: Values) -> Array:
    return np.asarray(values.power if "power" in values else 0.8)


def _may_turn(design: Design) -> bool:
    """Whether the other direction is as good: none was planned, and it is not the same."""
    values, kind = design.values, design.kind
    told = any(name in values for name in kind.effect)
    return not told and values.mde_rule != "bloom" and kind.span(values)[0] in _TWO_WAYS


def _turned(design: Design) -> Values:
    """With a difference in the direction that was not looked at first."""
    option, none, most = design.kind.span(design.values)
    away = (np.asarray(most) < none).all()
    if option in ("or_", "hr", "rate1"):
        nominal = none * (2.0 if away else 0.5)
    else:
        nominal = (1 + none) / 2 if away else none / 2
    return design.values.changed(**{option: np.asarray(nominal)})


def _difference(design: Design, values: Values, rule: str | None) -> tuple[Array, Array]:
    """The least difference in one direction, and the highest chance that any has there."""
    kind, power = design.kind, _asked(design.values)
    option, none, most = kind.span(values)
    others = {name: None for name in kind.effect if name != option}

    def tried(share: Array) -> Values:
        return values.changed(**others, **{option: none + (most - none) * share})

    def reached(share: Array) -> Array:
        one = tried(share)
        return np.asarray(chance(one, kind.precision(one), rule) - power)

    if values.mde_rule == "bloom":
        one = tried(np.asarray(0.5))
        found = kind.precision(one)
        df = degrees_of_freedom(one, found, rule)
        both = critical_value(df, values.alpha, sides=int(values.sides))
        both = both + critical_value(df, 1 - power, sides=1)
        apart = both * found.std_error / np.abs(found.effect) * (most - none) / 2
        return np.asarray(none + apart), np.ones(np.shape(apart))
    top = reached(np.asarray(1.0 - 1e-12))
    share = np.exp(crossing(lambda u: reached(np.exp(u)), np.log(1e-12), 0.0, top.shape))
    return np.asarray(none + (most - none) * share), np.asarray(top + power)


def rounded_up(number: float) -> int:
    """The whole number that is no smaller, but for the rounding of a search."""
    return int(np.ceil(number - _WHOLE * max(1.0, abs(number))))


def _instead_of(name: str) -> Mapping[str, None]:
    if name == "patients":
        return {"patients_arm": None}
    return {"clusters_arm": None, "per_sequence": None} if name == "clusters" else {}


def _too_much(design: Design, name: str, ceiling: float) -> str:
    values = design.values
    words = "people in each cluster" if name == "size" else name
    asked = float(np.max(values.power)) if "power" in values else 0.8
    if name == "mde":
        return f"Infeasible: no difference reaches power {asked:g}; the ceiling is {ceiling:.3f}."
    if name == "size" and ("clusters" in values or "clusters_arm" in values):
        count = values.clusters if values.clusters_arm is None else np.sum(values.clusters_arm)
        return (
            f"Infeasible: {float(np.max(count)):g} clusters cannot exceed power {ceiling:.3f}, "
            f"however many people there are in each; {asked:g} was asked."
        )
    return (
        f"Infeasible: no number of {words} reaches power {asked:g}; the ceiling is {ceiling:.3f}."
    )
