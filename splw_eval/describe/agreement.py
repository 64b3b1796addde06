"""Scores worked out from items beside the totals that a file gave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.plan import Outcome
from splw_eval.core.quality_rows import AgreementRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study

_ROUNDING = 1e-9  # a difference of half a step on paper may exceed it by rounding


def describe_agreement(study: Study) -> Result[AgreementRow]:
    """Compare scores worked out from items with the totals that came beside them.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of AgreementRow
        One row for each outcome that has both, and wave; all arms together.
    """
    both = [o for o in study.plan.outcomes if o.name in study.items and o.name in study.supplied]
    rows = tuple(row for outcome in both for row in _rows(study, outcome))
    words = (
        "Where both are there, the score worked out from the items is used. They agree where they "
        "differ by no more than half a step of the score. A total that differs was added up, "
        "reversed or filled in by another rule, or keyed wrongly; the files need a look."
    )
    none = "No outcome has both its items and a total in the files, so there is nothing to compare."
    return Result(
        key="agreement",
        title="Scores from the items beside the totals in the files",
        unit="points of the score",
        row_type=AgreementRow,
        rows=rows,
        notes=(Note(text=words if rows else none),),
    )


def _rows(study: Study, outcome: Outcome) -> Iterator[AgreementRow]:
    answered = ~np.isnan(study.items[outcome.name]).all(axis=2)
    scored = np.where(answered, study.scores[outcome.name], np.nan)
    difference = study.supplied[outcome.name] - scored
    for code, wave in enumerate(study.plan.waves):
        found = difference[:, code]
        found = found[~np.isnan(found)]
        n = len(found)
        agree = int((np.abs(found) <= outcome.step / 2 * (1 + _ROUNDING)).sum())
        yield AgreementRow(
            outcome=outcome.name,
            wave=wave.name,
            month=wave.month,
            n=n,
            n_agree=agree,
            n_differ=n - agree,
            share_agree=agree / n if n else None,
            mean_difference=float(found.mean()) if n else None,
            largest_difference=float(np.abs(found).max()) if n else None,
        )
