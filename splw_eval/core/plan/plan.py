"""The plan of a study: the shape of study.toml, checked as a whole."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from splw_eval.core.plan import agreement
from splw_eval.core.plan.shape import PlanShape


class Plan(PlanShape):
    """A study, as its evaluator plans it before the data are seen."""

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        faults = list(agreement.faults(self))
        if faults:
            raise ValueError("\n".join(faults))
        return self
