"""Balance of two groups in their covariates, on the scale of chance that practices make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.covariate_rows import read_groups
from splw_eval.confounding.basis.group_notes import counted
from splw_eval.confounding.basis.regressions import UNNAMED
from splw_eval.confounding.checks import check_word, finding, refuse
from splw_eval.confounding.likeness.balance_levels import with_first_levels
from splw_eval.confounding.likeness.balance_record import Balance
from splw_eval.confounding.likeness.balance_rows import balance_of
from splw_eval.confounding.likeness.weights_record import Weights
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.stats.weighting.balance import Binary, Spread

if TYPE_CHECKING:
    import pandas as pd

_GIVEN = "weights="


def balance(
    frame: pd.DataFrame,
    *,
    group: str,
    covariates: Sequence[str] | str,
    cluster: str | None = None,
    weights: Any = None,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    spread: Spread = "both",
    binary: Binary = "sample",
) -> Balance:
    """Compare two groups in covariates, before and after weighting.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    group : str
        Column with two groups.
    covariates : sequence of str, or str
        Columns, or a formula as in `fit_mixed_model`; ``C(name)`` for numbers that stand for
        categories. Rows without one of them are left out and counted.
    cluster : str, optional
        Column of practices, each in one group.
    weights : str, Series, array_like or Weights, optional
        A column, numbers for every row of the frame, or what `weights` gave. Rows whose weight
        is missing are left out, also of the differences before weighting.
    reference : object, optional
        The group that the other is compared with; by default the first in order.
    measured_after : sequence of str, optional
        Columns known to be measured after baseline; as covariates they are refused.
    spread : {"both", "treated", "reference", "everybody"}
        Whose standard deviation differences are divided by, always of unweighted people:
        the root of the mean of both variances (default), or that of one group or of all.
    binary : {"sample", "share"}
        Variance of a column of 0 and 1: over n - 1 as of any other (default), or p (1 - p).

    Returns
    -------
    Balance
        A difference beyond ``chance_limit`` is one that groups formed by chance out of such
        practices would show in about 1 of 20 covariates (t with practices less 2 degrees of
        freedom, people less 2 without practices). A category of three levels or more has a row
        for each of them, one of two levels a row for the second.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used: every reason, with its column, rows and remedy.
    FitError
        The frame is no data frame, or a group weighs nothing.

    Notes
    -----
    With 15 practices large differences arise by chance, and small ones can still matter where
    a covariate foretells the outcome: the limit is a scale to read by, not a test.

    Sources: Austin 2009, Stat Med 28:3083; Leyrat and others 2016, Stat Med 35:3717.
    docs/methods/confounding.md.
    """
    options = [
        *check_word("spread", spread, ("both", "treated", "reference", "everybody")),
        *check_word("binary", binary, ("sample", "share")),
    ]
    frame, name = _with_weights(frame, weights)
    rows = read_groups(
        frame,
        group=group,
        covariates=covariates,
        cluster=cluster,
        reference=reference,
        measured_after=measured_after,
        also=() if name is None else (name,),
        more=options,
    )
    w = None if name is None else np.asarray(rows.numbers[name], dtype=np.float64)
    if w is not None and name is not None:
        refuse(_check_weights(w, rows.rows, name))
    found = balance_of(with_first_levels(rows, frame), w, spread=spread, binary=binary)
    without = 0 if name is None else int(frame[name].isna().sum())
    if without:
        told = f"{counted(without, 'row')} without a weight left out, counted among those below."
        found = replace(found, notes=(found.notes[0], told, *found.notes[1:]))
    if reference is not None:
        return found
    return replace(found, notes=(*found.notes, UNNAMED))


def _with_weights(frame: Any, weights: Any) -> tuple[Any, str | None]:
    """The frame with the weights as a column, and the name of that."""
    import pandas as pd

    if weights is None or isinstance(weights, str) or not isinstance(frame, pd.DataFrame):
        return frame, weights if isinstance(weights, str) else None
    given = weights.weights if isinstance(weights, Weights) else weights
    if isinstance(given, pd.Series) and not given.index.equals(frame.index):
        if not given.index.is_unique:
            raise FitError("weights= has an index with repeats that is not that of the frame.")
        given = given.reindex(frame.index)
    values = given.to_numpy() if isinstance(given, pd.Series) else np.asarray(given)
    if values.shape != (len(frame),):
        raise FitError(
            f"weights= must have one number for each of the {len(frame)} rows of the frame."
        )
    return frame.assign(**{_GIVEN: values}), _GIVEN


def _check_weights(w: Any, rows: Any, name: str) -> Iterator[Finding]:
    if (w < 0).any():
        yield finding(
            "SF09",
            "weights below zero",
            "Give weights of zero or more.",
            column=name,
            rows=rows[w < 0],
        )
