"""The plan's contrast with each practice left out in turn, without saying which it is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from splw_eval.core.model_rows import PRIMARY, InfluenceRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit, fits_of
from splw_eval.describe.comparison.notes import unfitted_notes
from splw_eval.describe.comparison.told import compared, known
from splw_eval.describe.comparison.wanted import put_to_model, wanted_of

FEWEST, MOST = 5, 60  # of practices: with fewer none can be left out, with more none matters
_NONE = (
    "The model has no practices or link workers to leave out, or too few or too many of them to "
    "leave out one by one."
)
_READ = (
    "The whole model was fitted again without each of the practices or link workers, one at a "
    "time. None is named. An estimate that moves far without one of them rests on it."
)


def describe_influence(study: Study) -> Result[InfluenceRow]:
    """Describe how far the plan's contrast rests on any one practice.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of InfluenceRow
        For the primary outcome, in order of the estimate; masked with the people left out.
    """
    fit = next(fits_of(study))
    rows = tuple(_rows(study, fit)) if fit.model else ()
    words = () if fit.model is None else (Note(text=_READ if rows else _NONE),)
    return Result(
        key="influence",
        title="The answer without each practice",
        unit="points of the score",
        row_type=InfluenceRow,
        rows=rows,
        notes=(*unfitted_notes((fit,)), *words),
    )


def _rows(study: Study, fit: OutcomeFit) -> Iterator[InfluenceRow]:
    assert fit.model is not None
    cluster = fit.model.design.cluster
    primary = next((w for w in wanted_of(study, fit) if w.part == PRIMARY), None)
    if fit.units is None or cluster is None or primary is None:
        return
    if not FEWEST <= cluster.count <= MOST:
        return
    what, waves = put_to_model(study, fit, primary)
    try:
        table = fit.model.influence(what, waves=waves)
    except UNFIT:
        return
    terms = list(dict.fromkeys(table["term"]))
    arms = range(1, len(fit.asked.order)) if study.plan.arms else (0,)
    for term, arm in zip(terms, arms, strict=False):
        if study.plan.arms and arm not in fit.asked.programme:
            continue
        found = table[table["term"] == term].sort_values("estimate", kind="stable")
        for place, row in enumerate(found.to_dict("records"), start=1):
            if math.isnan(row["estimate"]):
                continue
            yield InfluenceRow(
                outcome=fit.outcome.name,
                compared=compared(study, fit, arm),
                place=place,
                n=int(row["people"]),
                estimate=primary.times * float(row["estimate"]),
                conf_low=known(primary.times * row["conf_low"]),
                conf_high=known(primary.times * row["conf_high"]),
            )
