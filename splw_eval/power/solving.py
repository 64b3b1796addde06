"""The chance to detect a difference, and the number or the difference that reaches a chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from splw_eval.power.checks import InfeasibleError, finding, refuse
from splw_eval.power.design import Design, Values
from splw_eval.power.precision import Precision
from splw_eval.stats.power.noncentral import critical_value, power_of_test

Array = NDArray[np.float64]

_SPANS = {  # where numbers are looked for
    "clusters": (2.0 + 1e-6, 1e7),
    "size": (1e-6, 1e9),
    "patients": (2.0 + 1e-6, 1e10),
    "controls": (1.0 + 1e-6, 1e10),
    "events": (1e-6, 1e10),
}
_HALVINGS = 90
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
    if asked in found.df:
        return found.df[asked]
    try:
        return np.asarray(float(asked))
    except ValueError:
        remedy = f"There are: {', '.join((*found.df, 'z'))}, or a number."
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
        ncp = found.effect / found.std_error
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
        raise InfeasibleError(_too_much(design, name, float(np.min(top + values.power))))
    return np.asarray(
        np.exp(bisect(lambda u: reached(np.exp(u)), np.log(low), np.log(high), top.shape))
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
        In the first of the options in which the kind tells its effect; see `Kind.span`.

    Raises
    ------
    InfeasibleError
    """
    values, kind = design.values, design.kind
    power = values.power if "power" in values else np.asarray(0.8)
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
        return np.asarray(both * found.std_error / np.abs(found.effect) * (most - none) / 2)
    top = reached(np.asarray(1.0 - 1e-12))
    if (top < 0).any():
        raise InfeasibleError(_too_much(design, "mde", float(np.min(top + power))))
    share = np.exp(bisect(lambda u: reached(np.exp(u)), np.log(1e-12), 0.0, top.shape))
    return np.asarray(none + (most - none) * share)


def bisect(
    rising: Callable[[Array], Array], low: float, high: float, shape: tuple[int, ...]
) -> Array:
    """Where a rising function crosses 0, for each element.

    Parameters
    ----------
    rising : callable
        Of arrays of this shape; not a number counts as below.
    low, high : float
    shape : tuple of int

    Returns
    -------
    ndarray
    """
    below, above = np.full(shape, low), np.full(shape, high)
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        up = rising(middle) >= 0
        above, below = np.where(up, middle, above), np.where(up, below, middle)
    return above


def rounded_up(number: float) -> int:
    """The whole number that is no smaller, but for the rounding of a search."""
    return int(np.ceil(number - _WHOLE * max(1.0, abs(number))))


def _instead_of(name: str) -> Mapping[str, None]:
    if name == "patients":
        return {"patients_arm": None}
    return {"clusters_arm": None, "per_sequence": None} if name == "clusters" else {}


def _too_much(design: Design, name: str, ceiling: float) -> str:
    values = design.values
    words = {"size": "people in each cluster", "mde": "difference"}.get(name, name)
    asked = float(np.max(values.power)) if "power" in values else 0.8
    if (name == "size" and "clusters" in values) or "clusters_arm" in values:
        count = values.clusters if values.clusters_arm is None else np.sum(values.clusters_arm)
        return (
            f"Infeasible: {float(np.max(count)):g} clusters cannot exceed power {ceiling:.3f}, "
            f"however many people there are in each; {asked:g} was asked."
        )
    return (
        f"Infeasible: no number of {words} reaches power {asked:g}; the ceiling is {ceiling:.3f}."
    )
