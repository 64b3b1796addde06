"""Means that the model expects of each group at each wave, and whom the model has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.model_rows import ModelMeanRow, ModelPeopleRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import OutcomeFit, fits_of
from splw_eval.describe.comparison.long_frame import ARM, MONTH
from splw_eval.describe.comparison.notes import unfitted_notes
from splw_eval.describe.comparison.sources import MODEL_SOURCES
from splw_eval.describe.comparison.told import known


def describe_model_means(study: Study) -> Result[ModelMeanRow]:
    """Describe the mean of each group at each wave, had nobody been lost, by the model.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ModelMeanRow
        A mean of one group is masked with the people of that group measured then.
    """
    fits = tuple(fits_of(study))
    rows = tuple(row for fit in fits if fit.model for row in _means(study, fit))
    one = Note(
        text="At the start all groups have one mean in the model, estimated from all of them: "
        "whatever differed then was chance."
    )
    held = fits[0].asked.constrained and rows
    return Result(
        key="model_means",
        title="Mean scores by the model",
        unit="points of the score",
        row_type=ModelMeanRow,
        rows=rows,
        notes=(*unfitted_notes(fits), *((one,) if held else ())),
        sources=MODEL_SOURCES if rows else (),
    )


def _means(study: Study, fit: OutcomeFit) -> Iterator[ModelMeanRow]:
    assert fit.model is not None
    plan, arms = study.plan, bool(study.plan.arms)
    table = fit.model.marginal_means((ARM, MONTH) if arms else (MONTH,)).to_dict("records")
    held = {(int(row.get(ARM, 0)), float(row[MONTH])): row for row in table}
    for code, arm in enumerate(plan.groups):
        place = fit.asked.order.index(code)
        for wave in fit.long.waves:
            row = held[place, plan.waves[wave].month]
            yield ModelMeanRow(
                outcome=fit.outcome.name,
                arm=arm,
                wave=plan.waves[wave].name,
                month=plan.waves[wave].month,
                n=fit.long.measured(place, wave),
                mean=float(row["estimate"]),
                conf_low=known(row["conf_low"]),
                conf_high=known(row["conf_high"]),
            )


def describe_model_people(study: Study) -> Result[ModelPeopleRow]:
    """Count people by what the model has of them: the start, a later score, both, or neither.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ModelPeopleRow
        One row for each outcome and arm.
    """
    fits = tuple(fits_of(study))
    return Result(
        key="model_people",
        title="Whom the model has",
        unit="people",
        row_type=ModelPeopleRow,
        rows=tuple(row for fit in fits if fit.model for row in _people(study, fit)),
        notes=(
            *unfitted_notes(fits),
            Note(
                text="People with a start only, and people with a later score only, are in the "
                "model too: they tell of the groups' means, and through them of the comparison."
            ),
        ),
    )


def _people(study: Study, fit: OutcomeFit) -> Iterator[ModelPeopleRow]:
    seen = ~np.isnan(fit.long.scores[:, list(fit.long.waves)])
    start, later = seen[:, 0], seen[:, 1:].any(axis=1)
    for code, arm in enumerate(study.plan.groups):
        here = study.people.arm == code
        both, first = here & start & later, here & start & ~later
        last, none = here & ~start & later, here & ~start & ~later
        people = int(here.sum())
        n_both, n_start, n_later, n_none = (int(who.sum()) for who in (both, first, last, none))
        yield ModelPeopleRow(
            outcome=fit.outcome.name,
            arm=arm,
            people=people,
            n_both=n_both,
            n_start=n_start,
            n_later=n_later,
            n_none=n_none,
            share_both=n_both / people if people else None,
            share_start=n_start / people if people else None,
            share_later=n_later / people if people else None,
            share_none=n_none / people if people else None,
        )
