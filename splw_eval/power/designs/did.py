"""Differences in differences: how the change of one arm of clusters differs from the other's."""

from __future__ import annotations

from collections.abc import Mapping

from splw_eval.power.cells import two_periods
from splw_eval.power.cells.outcomes import span
from splw_eval.power.cells.plans import ARMS
from splw_eval.power.cells.rows import share_out
from splw_eval.power.cells.words import listed, random_effects
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Precision


def precision(v: Values) -> Precision:
    """Variance of the difference of changes."""
    return two_periods.precision_of_start(v, "change")


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each arm."""
    return share_out(total, v, ARMS)


def model(v: Values) -> str:
    """The analysis."""
    return (
        "a linear mixed model of both times with an effect of arm, of time, and of both together, "
        f"and random effects for {listed(random_effects(v))}"
    )


KIND = Kind(
    name="did",
    title="difference in differences between clusters",
    takes=two_periods.TAKES,
    needs=two_periods.NEEDS,
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=two_periods.check,
    arms=arms,
    span=span,
    defaults=two_periods.DEFAULTS,
    sources=(
        "Murray 1998, Design and Analysis of Group-Randomized Trials",
        "Teerenstra, Eldridge, Graff, de Hoop & Borm 2012, Stat Med 31:2169",
    ),
)
