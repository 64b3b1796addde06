"""The stages by which fairness is told: whom each could be true of, and of whom it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.plan import Plan
from splw_eval.data import Study
from splw_eval.data.checks.joins import positions
from splw_eval.retention.delivery.funnel import IMPLIED, places
from splw_eval.retention.delivery.service_log import service_log
from splw_eval.retention.delivery.stages import NO, STAGES, stages
from splw_eval.retention.reported.kinds import episodes_of
from splw_eval.retention.service.rules import rules_of

ENROLLED, REFERRED = "in the study", "referred"
TAKEN_UP, MET = "took up the offer", "met a link worker"
_OF_FUNNEL = {"accepted": TAKEN_UP, "contacted": MET}
_COMPLETED = 1

Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One stage: whom it could be true of, and of whom it is; shape (people,) each."""

    stage: str
    among: str
    base: Which
    reached: Which


def answer_wave(plan: Plan) -> int:
    """Position of the wave of the plan's contrast, or else of the last.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    int
    """
    names = [wave.name for wave in plan.waves]
    asked = plan.estimand.contrast
    return names.index(asked.waves[0]) if asked.kind == "wave" else len(names) - 1


def chain(study: Study, arm: int) -> tuple[Reached, ...]:
    """Give the stages of one group.

    Parameters
    ----------
    study : Study
    arm : int
        Position among the plan's groups.

    Returns
    -------
    tuple of Reached
        The first says who is counted: those referred, or of a group without referrals everybody.
    """
    here = study.people.arm == arm
    referred, found = _service(study)
    if not (here & referred).any():
        first = Reached(stage=ENROLLED, among="everybody in the group", base=here, reached=here)
        return (first, _measured(study, here, "everybody in the group"))
    base = here & referred
    whom = "everybody referred"
    return (
        Reached(stage=REFERRED, among=whom, base=base, reached=base),
        *(Reached(stage=name, among=whom, base=base, reached=base & it) for name, it in found),
        *_stayed(study, base),
        _measured(study, base, whom),
    )


def _service(study: Study) -> tuple[Which, list[tuple[str, Which]]]:
    """Who was referred, and who passed each stage that a file can say."""
    log = service_log(study, which_episode="first")
    person = log.person[log.chosen]
    referred = _of_people(study, person, np.ones(len(person), dtype=bool))
    if log.episodes is None:
        return referred, []
    held = stages(log, rules_of(study.plan.retention, None).completed)
    said = held[STAGES.index("accepted")].said
    declined = np.zeros(len(log), dtype=bool) if said is None else said == NO
    standing = places(held, log.closed(), declined)
    return referred, [
        (_OF_FUNNEL[stage.name], _of_people(study, person, place <= IMPLIED))
        for stage, place in zip(held, standing, strict=True)
        if stage.name in _OF_FUNNEL and place is not None
    ]


def _of_people(study: Study, person: NDArray[np.int64], which: Which) -> Which:
    found = np.zeros(len(study.people), dtype=bool)
    found[person[which]] = True
    return found


def _stayed(study: Study, base: Which) -> Iterator[Reached]:
    """Who was still with the service on the plan's last day, or had completed as planned."""
    try:
        held = episodes_of(study)
    except DataError:
        return
    last, own = held.settings.horizon_days, held.frame.drop_duplicates("person")
    person = positions(own["person"].to_numpy(), study.people.index)
    day, event = own["day"].to_numpy(), own["event"].to_numpy()
    there = (day > last) | ((day == last) & (event == 0))
    stayed = there | ((day <= last) & (event == _COMPLETED))
    watched = base & _of_people(study, person, there | (event > 0))
    if watched.any():
        yield Reached(
            stage=f"stayed or completed as planned, day {last:,}",
            among=f"everybody referred who was watched for {last:,} days, or whose time with the "
            "service ended before",
            base=watched,
            reached=watched & _of_people(study, person, stayed),
        )


def _measured(study: Study, base: Which, whom: str) -> Reached:
    wave = answer_wave(study.plan)
    due = base & study.due[:, wave]
    scores = study.scores[study.plan.primary.name][:, wave]
    return Reached(
        stage=f"measured: {study.plan.waves[wave].title}",
        among=f"{whom} for whom the wave was due",
        base=due,
        reached=due & ~np.isnan(scores),
    )
