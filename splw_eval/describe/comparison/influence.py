"""The plan's contrast with each practice left out in turn, without saying which it is."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.model_rows import PRIMARY, InfluenceRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit, fits_of
from splw_eval.describe.comparison.long_frame import PERSON, UNIT
from splw_eval.describe.comparison.notes import unfitted_notes
from splw_eval.describe.comparison.told import compared, known
from splw_eval.describe.comparison.wanted import Wanted, looked_at, put_to_model, wanted_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        For the primary outcome, in order of the estimate; masked with the people left out, and
        with those of each group that are left.
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
                n_fewest=_fewest(fit, primary, arm, row),
                estimate=primary.times * float(row["estimate"]),
                conf_low=known(primary.times * row["conf_low"]),
                conf_high=known(primary.times * row["conf_high"]),
            )


def _fewest(fit: OutcomeFit, wanted: Wanted, arm: int, row: dict[Hashable, Any]) -> int:
    """Fewest people of those left out, of them at a wave, and of each group left at a wave.

    Waves at which nobody was left out count for none: the estimate tells of nobody there.
    """
    assert fit.model is not None
    out = _people_out(fit, row["left_out"])
    found = [int(row["people"])]
    for wave in looked_at(fit, wanted):
        seen = ~np.isnan(fit.long.scores[:, wave])
        found.append(int((seen & out & np.isin(fit.long.arm, (0, arm))).sum()))
        found += [int((seen & ~out & (fit.long.arm == a)).sum()) for a in sorted({0, arm})]
    return min(n for n in found if n)


def _people_out(fit: OutcomeFit, unit: object) -> NDArray[np.bool_]:
    """Whether each person of the study is of one practice or link worker."""
    held = fit.frame.loc[(fit.frame[UNIT] == unit).to_numpy(), PERSON].to_numpy()
    return np.isin(np.arange(len(fit.long.arm)), held)
