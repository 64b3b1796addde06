"""How many are missing at each wave, and how unlike practices are in that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.missing_rows import LossPatternRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study

FEWEST_PRACTICES = 4  # whose quarters say anything
_MISSING = "Missing means expected at the wave and not measured with the primary outcome."
_BY_CHANCE = (
    "Small practices range widely by chance alone. A quarter of the practices of a group lie at or "
    "below the lower figure, and a quarter at or above the upper."
)
_NO_PRACTICES = "No file names people's practices, so it cannot be told whether they differ."


def describe_loss_by_practice(study: Study) -> Result[LossPatternRow]:
    """Give the share missing at each wave, and how it ranges over practices.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LossPatternRow
        One row for each group and wave; no quarters where a group has fewer than 4 practices.
    """
    rows = tuple(_rows(study))
    known = study.people.cluster is not None
    notes = (_MISSING, _BY_CHANCE if known else _NO_PRACTICES)
    return Result(
        key="loss_practices",
        title="How many are missing, and whether practices differ",
        unit="people",
        row_type=LossPatternRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in notes),
    )


def _rows(study: Study) -> Iterator[LossPatternRow]:
    plan, people = study.plan, study.people
    seen = ~np.isnan(study.scores[plan.primary.name])
    for code, arm in enumerate(plan.groups):
        mine = people.arm == code if plan.arms else np.ones(len(people), dtype=bool)
        for place, wave in enumerate(plan.waves):
            expected = mine & study.due[:, place]
            lost = expected & ~seen[:, place]
            n, missing = int(expected.sum()), int(lost.sum())
            low, middle, high, clusters = _quarters(people.cluster, expected, lost)
            yield LossPatternRow(
                arm=arm,
                wave=wave.name,
                month=wave.month,
                expected=n,
                measured=n - missing,
                missing=missing,
                share_missing=missing / n if n else None,
                lower=low,
                median=middle,
                upper=high,
                clusters=clusters,
            )


def _quarters(
    cluster: NDArray[np.int64] | None, expected: NDArray[np.bool_], lost: NDArray[np.bool_]
) -> tuple[float | None, float | None, float | None, int | None]:
    """Quarters of the shares of practices, per cent, and how many practices there are."""
    if cluster is None:
        return None, None, None, None
    here = expected & (cluster >= 0)
    codes, at = np.unique(cluster[here], return_inverse=True)
    if len(codes) < FEWEST_PRACTICES:
        return None, None, None, len(codes)
    shares = 100 * np.bincount(at, lost[here]) / np.bincount(at)
    low, middle, high = (float(x) for x in np.quantile(shares, (0.25, 0.5, 0.75)))
    return low, middle, high, len(codes)
