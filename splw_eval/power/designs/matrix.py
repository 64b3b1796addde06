"""Designs told by a matrix: programme, comparison or nothing, in each sequence and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.cells.checks import check_periods
from splw_eval.power.cells.matrices import (
    CLUSTER_OPTIONS,
    CORRELATION_OPTIONS,
    EFFECT_OF_CLUSTER_OPTIONS,
    SIZE_OPTIONS,
    precision_of_matrix,
)
from splw_eval.power.cells.outcomes import LINK_OPTIONS, OUTCOME_OPTIONS, span
from splw_eval.power.cells.rows import share_out
from splw_eval.power.cells.words import model_of_cells
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Array, Precision

TAKES = (
    *OUTCOME_OPTIONS,
    *LINK_OPTIONS,
    *CLUSTER_OPTIONS,
    "per_sequence",
    *SIZE_OPTIONS,
    *CORRELATION_OPTIONS,
    *EFFECT_OF_CLUSTER_OPTIONS,
    *("visits", "dropout"),
)
NEEDS = (
    EFFECTS,
    ("clusters", "clusters_arm", "per_sequence"),
    ("size", "sizes"),
    ("icc", "sd_cluster"),
)
DEFAULTS = {"variance": "pooled", "link": "identity"}
SOURCES = (
    "Hussey & Hughes 2007, Contemp Clin Trials 28:182",
    "Hooper, Teerenstra, de Hoop & Eldridge 2016, Stat Med 35:4718",
    "Kasza, Hemming, Hooper, Matthews & Forbes 2019, Stat Methods Med Res 28:703",
    "Hemming, Kasza, Hooper, Forbes & Taljaard 2020, Int J Epidemiol 49:979",
)


def names_of_sequences(number: int) -> tuple[str, ...]:
    """Names of sequences, in their order."""
    return tuple(f"sequence {one + 1}" for one in range(number))


def _matrix(v: Values) -> Array:
    return np.atleast_2d(np.asarray(v.matrix, dtype=np.float64))


def precision(v: Values) -> Precision:
    """Variance of the effect beside free means of the periods."""
    return precision_of_matrix(v, _matrix(v))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    matrix = _matrix(v)
    known = matrix[np.isfinite(matrix)]
    if matrix.ndim != 2 or not np.isin(known, (0, 1)).all():  # noqa: PLR2004
        remedy = (
            "Give 0 for comparison, 1 for the programme, and a blank where nothing is measured."
        )
        yield finding("SZ03", "matrix", "holds other than 0, 1 and blanks", remedy)
    elif not np.isfinite(matrix).any(axis=1).all():
        yield finding("SZ03", "matrix", "has a row of blanks only", "Leave such rows out.")
    else:
        yield from check_periods(v, matrix)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each sequence."""
    return share_out(total, v, names_of_sequences(len(_matrix(v))))


def model(v: Values) -> str:
    """The analysis."""
    return model_of_cells(v)


KIND = Kind(
    name="matrix",
    title="cluster trial by a matrix of sequences and periods",
    takes=("matrix", *TAKES),
    needs=(("matrix",), *NEEDS),
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
