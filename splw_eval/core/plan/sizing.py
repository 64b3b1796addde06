"""What must agree of the planned size and the rest of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.core.plan.shape import PlanShape
from splw_eval.core.plan.suggestion import suggestion

_ONE_GROUP = frozenset({"pre-post"})
_OF_PEOPLE = frozenset({"individual"})


def sizing_faults(plan: PlanShape) -> Iterator[str]:
    """Every disagreement of [sample_size] with other sections, as a sentence."""
    if plan.sample_size is None:
        return
    yield from _design(plan)
    yield from _arms(plan)
    yield from _dropout(plan)


def _design(plan: PlanShape) -> Iterator[str]:
    assert plan.sample_size is not None
    kind, where = plan.sample_size.design, "[sample_size] design"
    if kind is None:
        return
    if not plan.arms and kind not in _ONE_GROUP:
        yield f'{where}: "{kind}" compares groups, and there are no [[arms]]; "pre-post" needs none'
    if plan.arms and kind in _ONE_GROUP:
        yield f'{where}: "{kind}" is of one group, and there are [[arms]]'
    if plan.design in CLUSTER_TRIALS and kind in _OF_PEOPLE:
        yield (
            f'{where}: "{kind}" is of people allocated one by one, and this is a {plan.design}; '
            '"parallel" is of practices'
        )


def _arms(plan: PlanShape) -> Iterator[str]:
    assert plan.sample_size is not None
    given, arms = len(plan.sample_size.clusters_arm), len(plan.arms)
    if given and given != arms:
        yield f"[sample_size] clusters_arm: {given} given, and there are {arms} [[arms]]"


def _dropout(plan: PlanShape) -> Iterator[str]:
    assert plan.sample_size is not None
    where, dropout = "[sample_size] dropout", plan.sample_size.dropout
    if dropout is None:
        return
    later = [wave.name for wave in plan.waves[1:]]
    for wave in dropout.shares:
        if wave == plan.waves[0].name:
            yield f'{where}: nobody is lost by the first wave, "{wave}"; leave it out'
        elif wave not in later:
            yield f'{where}: no wave "{wave}"{suggestion(wave, later)}'
    for earlier, after in plan.sample_size.falls(tuple(later)):
        yield (
            f"{where}: fewer are lost by {after} than by {earlier}; shares count everybody lost "
            "until then"
        )
