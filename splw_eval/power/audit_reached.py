"""What a study came to, masked: everything that an audit of its size is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.appraisal import disclose
from splw_eval.core.columns import Contributors
from splw_eval.core.model_rows import PRIMARY, ContrastRow, RatioRow
from splw_eval.core.plan import Plan
from splw_eval.core.power_rows import ReachedRow
from splw_eval.core.result import Disclosure, Result
from splw_eval.core.rows import FunnelRow, SummaryRow
from splw_eval.data import Study
from splw_eval.describe import describe_contrasts, describe_flow, describe_ratios, describe_scores
from splw_eval.describe.comparison.asked import asked_of


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
        Made of masked results alone. A report masks more tables together and may hide more, so
        this is for the evaluator's own screen.
    """
    asked = (describe_reached, describe_contrasts, describe_flow, describe_scores, describe_ratios)
    found = (describe(study) for describe in asked)
    return reached_from(study.plan, disclose({result.key: result for result in found}, study.plan))


def reached_from(plan: Plan, results: Mapping[str, Result[Any]]) -> Reached:
    """Gather what a study came to from its masked results.

    Parameters
    ----------
    plan : Plan
    results : mapping of str to Result
        Masked, by key: ``reached``, ``contrasts``, ``flow``, ``scores`` and ``ratios``.

    Returns
    -------
    Reached
    """
    name, first = plan.primary.name, plan.waves[0].name
    arms, contrasts = results["reached"], results["contrasts"]
    assert arms.disclosure is not None
    named = [row.grouped_by for row in arms.rows]
    return Reached(
        arms=arms.rows,
        clustered=tuple(units is not None for units in named),
        units=next((units for units in named if units is not None), None),
        flow=tuple(r for r in results["flow"].rows if r.outcome == name),
        start=tuple(r for r in results["scores"].rows if (r.outcome, r.wave) == (name, first)),
        ratios=tuple(r for r in results["ratios"].rows if r.outcome == name),
        contrasts=tuple(r for r in contrasts.rows if (r.outcome, r.part) == (name, PRIMARY)),
        notes=tuple(_unfitted(contrasts, plan)),
        disclosure=arms.disclosure,
    )


def contrast_waves(plan: Plan) -> tuple[int, ...]:
    """Places of the waves that the main question looks at; a slope's are all after the start."""
    named = plan.estimand.contrast.waves
    places = tuple(i for i, wave in enumerate(plan.waves) if wave.name in named)
    return places or tuple(range(1, len(plan.waves)))


def describe_reached(study: Study) -> Result[ReachedRow]:
    """Count the people and the clusters of each group, and those of the main question.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ReachedRow
        One row for each group; not masked.
    """
    units = asked_of(study).units
    scores = study.scores[study.plan.primary.name][:, contrast_waves(study.plan)]
    at_waves = ~np.isnan(scores)
    # Of several waves: those of the wave with fewest.
    fewest = at_waves[:, int(at_waves.sum(axis=0).argmin())]
    rows = []
    for code, label in enumerate(study.plan.groups):
        here = study.people.arm == code
        clusters = _count(units.codes, here)
        rows.append(
            ReachedRow(
                arm=label,
                people=int(here.sum()),
                made_of=_made_of(units.codes, here),
                measured=int((here & fewest).sum()),
                clusters=clusters,
                clusters_measured=_count(units.codes, here & fewest),
                grouped_by=None if clusters is None else units.name,
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


def _made_of(codes: NDArray[np.int64] | None, who: NDArray[np.bool_]) -> Contributors | None:
    """Return how much of a group is of its largest cluster; who is in none stands alone."""
    if codes is None:
        return None
    held = codes[who]
    sizes = np.bincount(held[held >= 0]).tolist()
    return Contributors.of([*sizes, *[1] * int((held < 0).sum())])


def _unfitted(contrasts: Result[ContrastRow], plan: Plan) -> Iterator[str]:
    label = plan.primary.label
    for note in contrasts.notes:
        said = note.sentence()
        if said.startswith(label) and "no model could be fitted" in said:
            yield said
