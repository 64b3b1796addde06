"""The people who were offered a dose, read from a frame of both groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.checks import TELLER, ComparisonError, refuse
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import NO_OUTCOME, PersonRows, read_person_rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Columns of a question about doses.

    Attributes
    ----------
    outcome, dose : str
    covariates : sequence of str, or str
    cluster : str
        Nothing without practices.
    """

    outcome: str
    dose: str
    covariates: Sequence[str] | str
    cluster: str


def read_offered(
    frame: pd.DataFrame,
    asked: Asked,
    group: str | None,
    reference: Any,
    options: Sequence[Finding],
) -> tuple[PersonRows, str | None]:
    """Read the people of the group that was offered the dose.

    Parameters
    ----------
    frame : DataFrame
    asked : Asked
    group : str or None
        Without it everybody was offered it.
    reference : object
    options : sequence of Finding
        To be told with what is wrong with the columns.

    Returns
    -------
    rows : PersonRows
        Row numbers are those of the whole frame.
    label : str or None
        Of the group.

    Raises
    ------
    ComparisonError
        With everything found wrong.
    """
    if group is None:
        return _read(frame, asked, options), None
    try:
        groups = read_person_rows(
            frame, TELLER, "SF", group=group, reference=reference, more=options
        )
    except ComparisonError as error:
        refuse(dict.fromkeys([*error.findings, *_faults(frame, asked)]))
        raise
    others = groups.rows[groups.group == 0]
    if (frame.columns == asked.outcome).sum() != 1:
        return _read(frame, asked, ()), None  # which refuses it
    outside = np.zeros(len(frame), dtype=bool)
    outside[others] = True
    offered = frame.assign(**{asked.outcome: frame[asked.outcome].mask(outside)})
    rows = _read(offered, asked, ())
    left_out = {**rows.left_out, NO_OUTCOME: rows.left_out[NO_OUTCOME] - len(others)}
    rows = replace(rows, left_out=left_out, of_rows=rows.of_rows - len(others))
    return rows, groups.groups[1]


def _read(frame: pd.DataFrame, asked: Asked, options: Sequence[Finding]) -> PersonRows:
    return read_person_rows(
        frame,
        TELLER,
        "SF",
        outcome=asked.outcome,
        covariates=asked.covariates,
        cluster=asked.cluster,
        also=(asked.dose,),
        more=options,
    )


def _faults(frame: pd.DataFrame, asked: Asked) -> tuple[Finding, ...]:
    """What is wrong with the other columns."""
    try:
        _read(frame, asked, ())
    except ComparisonError as error:
        return error.findings
    return ()
