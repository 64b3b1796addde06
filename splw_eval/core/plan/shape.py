"""The sections of a plan and what can be read off them, before they are checked together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from splw_eval.core.plan.adjustment import (
    MOST_SUBGROUPS,
    Adjustment,
    Confounder,
    Engagement,
    Subgroup,
)
from splw_eval.core.plan.costs import Costs, ServiceUseRules
from splw_eval.core.plan.declared import (
    DisclosureRules,
    Governance,
    Tidier,
    Vocabulary,
)
from splw_eval.core.plan.design import Allocation, Arm, Comparison, Design, Estimand
from splw_eval.core.plan.measurement import File, Text, TimeZero, Wave
from splw_eval.core.plan.missing_data import MissingData, Strategy
from splw_eval.core.plan.outcome import Outcome
from splw_eval.core.plan.retention import EpisodeRules
from splw_eval.core.plan.sample_size import SampleSize
from splw_eval.core.plan.section import Section

EVERYONE = "Everyone"  # what the one group is called where there are no arms


class PlanShape(Section):
    """The sections of study.toml, each of the right form."""

    title: Text
    """Title of the report."""
    design: Design
    """Who is compared with whom, and who decided it."""
    seed: Annotated[int, Field(ge=0)]
    """Seed of everything random, so that a second run gives the same figures."""
    synthetic: bool = False
    """The files hold made-up people, as every page of the report then says."""
    dated: dt.date | None = None
    """Day the plan was fixed."""
    data_seen: dt.date | None = None
    """Day on which anyone who chose the analysis first saw outcome data."""
    data_cut: dt.date | None = None
    """Last day covered by the files; people not yet due then are not missing."""
    pick: Literal["nearest", "first", "last"] | None = None
    """Which of several dates in one window counts; needed where dates are given."""
    interval_by: Literal["cluster", "link_worker"] = "cluster"
    """By whom people are grouped for intervals, where both are known."""
    arms: tuple[Arm, ...] = ()
    files: Annotated[tuple[File, ...], Field(min_length=1)]
    time_zero: Annotated[tuple[TimeZero, ...], Field(min_length=1)]
    waves: Annotated[tuple[Wave, ...], Field(min_length=2)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    allocation: Allocation | None = None
    comparison: Comparison | None = None
    estimand: Estimand
    missing: MissingData | None = None
    sample_size: SampleSize | None = None
    tidier: Tidier | None = None
    confounders: tuple[Confounder, ...] = ()
    adjustment: Adjustment = Adjustment()
    engagement: Engagement = Engagement()
    subgroups: Annotated[tuple[Subgroup, ...], Field(max_length=MOST_SUBGROUPS)] = ()
    vocabulary: Vocabulary | None = None
    governance: Governance = Governance()
    disclosure: DisclosureRules = DisclosureRules()
    retention: EpisodeRules = EpisodeRules()
    service_use: ServiceUseRules = ServiceUseRules()
    costs: Costs | None = None

    @property
    def primary(self) -> Outcome:
        """The one primary outcome."""
        return next(outcome for outcome in self.outcomes if outcome.role == "primary")

    @property
    def follow_up(self) -> tuple[Wave, ...]:
        """Waves after baseline."""
        return self.waves[1:]

    @property
    def groups(self) -> tuple[str, ...]:
        """Labels of the arms, or the one group of a study without arms."""
        return tuple(arm.label for arm in self.arms) or (EVERYONE,)

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """What is assumed of people lost, in turn; of nobody without a group to refer to."""
        missing = self.missing
        if missing is None or (not self.arms and "strategies" not in missing.model_fields_set):
            return ()
        return missing.strategies

    def score_columns(self) -> Iterator[tuple[File, str, str | None, str]]:
        """File, outcome, wave (None in a long file) and heading of each score column."""
        for file in self.files:
            for outcome, where in file.scores.items():
                if isinstance(where, str):
                    yield file, outcome, None, where
                else:
                    for wave, heading in where.items():
                        yield file, outcome, wave, heading
