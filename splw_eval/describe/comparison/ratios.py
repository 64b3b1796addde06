"""What the next trial's sample size needs: intraclass correlations, autocorrelation, and sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from splw_eval.core.model_rows import RatioRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit, fits_of
from splw_eval.describe.comparison.long_frame import ARM, PERSON, UNIT
from splw_eval.describe.comparison.notes import unfitted_notes
from splw_eval.describe.comparison.told import clusters_of, known

WITHIN = "variances of people in the model"
COUNTED = "people in the model"


def describe_ratios(study: Study) -> Result[RatioRow]:
    """Describe how alike people of one practice are, and one person's scores, for every outcome.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of RatioRow
        Intraclass correlations and cluster autocorrelation with their intervals; correlations of
        the start with each later wave; variation of the practices' sizes.
    """
    fits = tuple(fits_of(study))
    rows = tuple(row for fit in fits if fit.model for row in _rows(study, fit))
    return Result(
        key="ratios",
        title="For the next sample size",
        unit="",
        row_type=RatioRow,
        rows=rows,
        notes=(*unfitted_notes(fits), *map(_note, _NOTES if rows else ())),
        sources=_SOURCES if rows else (),
    )


_NOTES = (
    "Intraclass correlation (ICC): the share of a score's variance that is between practices or "
    "link workers. Cluster autocorrelation: how far their differences are the same at another "
    "wave. With few of them both are known only roughly: use the ends of an interval, not the "
    "estimate alone.",
    "Correlation of a score with the start: of people of one practice, without the practices' own "
    "differences. Where people of both groups were compared, groups do not count into it.",
)
_SOURCES = (
    "Intervals of intraclass correlations: profile of the restricted likelihood; see the page on "
    "mixed models in the documentation.",
)


def _note(words: str) -> Note:
    return Note(text=words)


def _rows(study: Study, fit: OutcomeFit) -> Iterator[RatioRow]:
    assert fit.model is not None
    titles = {f"ICC at wave {study.plan.waves[w].month:g}": w for w in fit.long.waves}
    for row in _icc(fit):
        name = str(row["measure"])
        at = titles.get(name)
        yield _row(
            fit,
            name if at is None else f"ICC at {study.plan.waves[at].title}",
            known(row["estimate"]),
            (known(row["conf_low"]), known(row["conf_high"])),
            str(row["method"]),
        )
    for wave, value in _correlations(fit):
        title = study.plan.waves[wave].title
        yield _row(fit, f"correlation of the start with {title}", value, (None, None), WITHIN)
    variation = _variation(fit)
    if variation is not None:
        yield _row(fit, f"variation of size of {fit.units} (CV)", variation, (None, None), COUNTED)


def _icc(fit: OutcomeFit) -> list[Any]:
    assert fit.model is not None
    try:
        return list(fit.model.icc.to_dict("records"))
    except UNFIT:
        return []


def _row(
    fit: OutcomeFit,
    measure: str,
    estimate: float | None,
    limits: tuple[float | None, float | None],
    method: str,
) -> RatioRow:
    assert fit.model is not None
    return RatioRow(
        outcome=fit.outcome.name,
        measure=measure,
        estimate=estimate,
        conf_low=limits[0],
        conf_high=limits[1],
        n=fit.model.design.person.count,
        clusters=clusters_of(fit),
        method=method,
    )


def _correlations(fit: OutcomeFit) -> Iterator[tuple[int, float]]:
    """Correlation of each later wave with the first, between people of one cluster."""
    assert fit.model is not None
    # Unstructured: the lower triangle of the covariance, row by row, before all else.
    theta = fit.model.fit.fit.theta[0]
    for place, wave in enumerate(fit.long.waves[1:], start=1):
        row = place * (place + 1) // 2
        both = float(theta[0] * theta[row + place])
        if both > 0:
            yield wave, float(theta[row]) / math.sqrt(both)


def _variation(fit: OutcomeFit) -> float | None:
    """SD over mean of the people of each cluster; None where there are no clusters.

    Of groups with clusters of their own, the root mean square of each group's: that clusters of
    one group are larger than those of the other is no variation that a design pays for.
    """
    if fit.units is None:
        return None
    people = fit.frame.drop_duplicates(PERSON)
    people = people[people[UNIT] >= 0]
    if people.groupby(UNIT)[ARM].nunique().max() > 1:
        found = [people.groupby(UNIT).size()]
    else:
        found = [arm.groupby(UNIT).size() for _, arm in people.groupby(ARM)]
    found = [sizes for sizes in found if len(sizes) > 1]
    if not found:
        return None
    weights = [len(sizes) - 1 for sizes in found]
    squares = [(sizes.std(ddof=1) / sizes.mean()) ** 2 for sizes in found]
    return math.sqrt(float(np.average(squares, weights=weights)))
