"""Stepped wedges: every cluster begins without the programme, and some cross over at each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.cells.checks import check_periods
from splw_eval.power.cells.matrices import precision_of_matrix
from splw_eval.power.cells.outcomes import span
from splw_eval.power.cells.rows import share_out
from splw_eval.power.cells.words import model_of_cells
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.designs.matrix import DEFAULTS, NEEDS, SOURCES, TAKES, names_of_sequences
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.cell_gls import staircase


def _matrix(v: Values) -> Array:
    return staircase(int(v.steps), None if v.periods is None else int(v.periods))


def precision(v: Values) -> Precision:
    """Variance of the effect beside free means of the periods."""
    return precision_of_matrix(v, _matrix(v))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    found = list(_check_steps(v))
    yield from found or check_periods(v, _matrix(v))


def _check_steps(v: Values) -> Iterator[Finding]:
    for name in ("steps", "periods"):
        number = getattr(v, name)
        if number is not None and (np.ndim(number) > 0 or number != np.round(number)):
            yield finding("SZ03", name, "is no single whole number", "Give one whole number.")
            return
    if v.steps < 2:  # noqa: PLR2004
        yield finding(
            "SZ05", "steps", "are fewer than 2", "With one step it is the design baseline."
        )
    elif v.periods is not None and v.periods < v.steps + 1:
        remedy = f"With {v.steps:g} steps there are {v.steps + 1:g} periods, or more."
        yield finding("SZ05", "periods", "are too few for the steps", remedy)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each sequence."""
    return share_out(total, v, names_of_sequences(int(v.steps)))


def model(v: Values) -> str:
    """The analysis."""
    return model_of_cells(v)


KIND = Kind(
    name="stepped-wedge",
    title="stepped-wedge cluster trial",
    takes=("steps", "periods", *TAKES),
    needs=(("steps",), *NEEDS),
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=arms,
    span=span,
    defaults=DEFAULTS,
    sources=SOURCES,
)
