"""What is assumed of missing scores, and under which other assumptions the answer is tried."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.adjustment import rising
from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

Strategy = Literal["J2R", "CIR", "CR", "LMCF"]
NEEDS_REFERENCE = frozenset({"J2R", "CIR", "CR"})
FEWEST_IMPUTATIONS, MOST_IMPUTATIONS = 5, 1000


class MissingData(Section):
    """How missing follow-up is to be handled."""

    assumption: Text
    """For example: missing at random given arm and earlier scores."""
    method: Text
    """How the analysis deals with missing scores."""
    sensitivity: tuple[str, ...] = ()
    """Analyses under other assumptions, in words."""
    imputations: Annotated[int, Field(ge=FEWEST_IMPUTATIONS, le=MOST_IMPUTATIONS)] = 20
    """How many times the missing scores are filled in."""
    strategies: tuple[Strategy, ...] = ("J2R", "CIR")
    """What is assumed of people lost from the programme group. `J2R`: from then on as the
    comparison group (jump to reference). `CIR`: their gain so far stays, and the rest goes as in
    the comparison group. `CR`: as the comparison group all along. `LMCF`: the mean where they left
    off. Left out: J2R and CIR where there is a comparison group, and none elsewhere."""
    deltas: tuple[Annotated[float, Field(ge=0)], ...] = ()
    """Points of the primary outcome by which people lost may have done worse than people like them
    who were seen: the steps of the tipping-point table. Left out, the report chooses them."""
    auxiliary: tuple[Text, ...] = ()
    """Columns of people or of practices that help to tell missing scores, beside the group, the
    practice and the other scores of the outcome; an outcome's name is its score at the start."""
    only_disengaged: bool = False
    """Whether `strategies` and `deltas` hold only for people who had stopped seeing the link
    worker. Others who were lost then count as missing at random."""

    @model_validator(mode="after")
    def _steps_rise_and_names_stand_once(self) -> Self:
        faults = []
        if not rising(self.deltas):
            faults.append("deltas must rise from one to the next")
        for name in ("strategies", "auxiliary"):
            held = getattr(self, name)
            twice = sorted({word for word in held if held.count(word) > 1})
            faults += [f'{name}: "{word}" stands more than once' for word in twice]
        if faults:
            raise ValueError("\n".join(faults))
        return self
