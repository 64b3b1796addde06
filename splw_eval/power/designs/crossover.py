"""Cluster crossover trials: each cluster has both, in one order or the other."""

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
from splw_eval.power.designs.matrix import DEFAULTS, NEEDS, SOURCES, TAKES
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Array, Precision

_NAMES = ("programme first", "comparison first")


def _matrix(v: Values) -> Array:
    """The programme and the comparison by turns."""
    periods = np.arange(2 if v.periods is None else int(v.periods))
    return np.asarray([(periods + 1) % 2, periods % 2], dtype=np.float64)


def precision(v: Values) -> Precision:
    """Variance of the effect beside free means of the periods."""
    return precision_of_matrix(v, _matrix(v))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    if v.periods is not None and (np.ndim(v.periods) > 0 or v.periods != np.round(v.periods)):
        yield finding("SZ03", "periods", "is no single whole number", "Give one whole number.")
    else:
        yield from check_periods(v, _matrix(v))


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each order."""
    return share_out(total, v, _NAMES)


def model(v: Values) -> str:
    """The analysis."""
    return model_of_cells(v)


KIND = Kind(
    name="crossover",
    title="cluster crossover trial",
    takes=("periods", "allocation", *TAKES),
    needs=NEEDS,
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=arms,
    span=span,
    defaults=DEFAULTS,
    sources=(*SOURCES, "Giraudeau, Ravaud & Donner 2008, Stat Med 27:5578"),
)
