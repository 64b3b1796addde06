"""What a study came to, masked: everything that an audit of its size is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.appraisal import mask
from splw_eval.core.model_rows import PRIMARY, ContrastRow, RatioRow
from splw_eval.core.plan import Plan
from splw_eval.core.power_rows import ReachedRow
from splw_eval.core.result import Disclosure, Result
from splw_eval.core.rows import FunnelRow, SummaryRow
from splw_eval.data import Study
from splw_eval.describe import describe_contrasts, describe_flow, describe_ratios, describe_scores
from splw_eval.describe.comparison.asked import Units, asked_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Masked rows of the primary outcome, as the report shows them.

    Attributes
    ----------
    arms : tuple of ReachedRow
    clustered : tuple of bool
        Whether people of each arm are in clusters at all.
    units : str or None
        ``practices`` or ``link workers``; None where people are taken as independent.
    flow : tuple of FunnelRow
    start : tuple of SummaryRow
        Scores of each arm at the first wave.
    ratios : tuple of RatioRow
    contrasts : tuple of ContrastRow
        The primary contrast, one for each arm of the programme; empty without a model.
    notes : tuple of str
        Why there is no model.
    disclosure : Disclosure
    """

    arms: tuple[ReachedRow, ...]
    clustered: tuple[bool, ...]
    units: str | None
    flow: tuple[FunnelRow, ...]
    start: tuple[SummaryRow, ...]
    ratios: tuple[RatioRow, ...]
    contrasts: tuple[ContrastRow, ...]
    notes: tuple[str, ...]
    disclosure: Disclosure

    def ratio(self, measure: str) -> RatioRow | None:
        """The first ratio whose name begins with these words."""
        return next((row for row in self.ratios if row.measure.startswith(measure)), None)


def reached_of(study: Study) -> Reached:
    """Gather what a study came to.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Reached
        Made of masked results alone, so that nothing further is told of people.
    """
    plan, name = study.plan, study.plan.primary.name
    units = asked_of(study).units
    counted = _arms(study, units)
    arms = mask(counted, plan)
    contrasts = mask(describe_contrasts(study), plan)
    first = plan.waves[0].name
    assert arms.disclosure is not None
    return Reached(
        arms=arms.rows,
        clustered=tuple(row.clusters is not None for row in counted.rows),
        units=units.name,
        flow=tuple(r for r in mask(describe_flow(study), plan).rows if r.outcome == name),
        start=tuple(
            r
            for r in mask(describe_scores(study), plan).rows
            if (r.outcome, r.wave) == (name, first)
        ),
        ratios=tuple(r for r in mask(describe_ratios(study), plan).rows if r.outcome == name),
        contrasts=tuple(r for r in contrasts.rows if (r.outcome, r.part) == (name, PRIMARY)),
        notes=tuple(_unfitted(contrasts, plan)),
        disclosure=arms.disclosure,
    )


def contrast_waves(plan: Plan) -> tuple[int, ...]:
    """Places of the waves that the main question looks at; a slope's are all after the start."""
    named = plan.estimand.contrast.waves
    places = tuple(i for i, wave in enumerate(plan.waves) if wave.name in named)
    return places or tuple(range(1, len(plan.waves)))


def _arms(study: Study, units: Units) -> Result[ReachedRow]:
    scores = study.scores[study.plan.primary.name][:, contrast_waves(study.plan)]
    at_waves = ~np.isnan(scores)
    # Of several waves: those of the wave with fewest.
    fewest = at_waves[:, int(at_waves.sum(axis=0).argmin())]
    rows = []
    for code, label in enumerate(study.plan.groups):
        here = study.people.arm == code
        rows.append(
            ReachedRow(
                arm=label,
                people=int(here.sum()),
                measured=int((here & fewest).sum()),
                clusters=_count(units.codes, here),
                clusters_measured=_count(units.codes, here & fewest),
            )
        )
    return Result(
        key="reached", title="Size reached", unit="people", row_type=ReachedRow, rows=tuple(rows)
    )


def _count(codes: NDArray[np.int64] | None, who: NDArray[np.bool_]) -> int | None:
    """Clusters of some people; None where they are in none."""
    if codes is None:
        return None
    held = codes[who]
    return len(np.unique(held[held >= 0])) or None


def _unfitted(contrasts: Result[ContrastRow], plan: Plan) -> Iterator[str]:
    label = plan.primary.label
    for note in contrasts.notes:
        said = note.sentence()
        if said.startswith(label) and "no model could be fitted" in said:
            yield said
