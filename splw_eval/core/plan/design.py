"""Who was compared with whom, how they were allocated, and what is estimated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.adjustment import rising
from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

Design = Literal[
    "pre_post",
    "controlled_cohort",
    "cluster_trial",
    "cluster_trial_unlike_recruitment",
    "individual_trial",
]
TRIALS = frozenset({"cluster_trial", "cluster_trial_unlike_recruitment", "individual_trial"})
CLUSTER_TRIALS = frozenset({"cluster_trial", "cluster_trial_unlike_recruitment"})


class Arm(Section):
    """One group of people."""

    value: Text
    """How the files write it."""
    label: Text
    """What the report calls it."""
    role: Literal["programme", "comparison"]
    """Whether the group had the programme."""


class Allocation(Section):
    """How people or practices came into their arm."""

    randomised: bool
    """Whether chance decided."""
    method: Literal["simple", "stratified", "matched", "minimised", "not_stated"] | None = None
    """How chance was put to work; needed where it decided."""
    strata: tuple[str, ...] = ()
    """What the allocation was stratified by; needed for `stratified`."""
    strata_columns: Annotated[dict[str, tuple[float, ...]], Field(default_factory=dict)]
    """Column that holds each of the strata, `{ list_size = [9000] }`: of the table of practices, or
    of people where people were allocated. The list holds the cut points of a number: a stratum
    holds the values from one cut point up to the next. With an empty list each value is a stratum.
    Permutations then keep within the strata, and the strata enter the model."""
    seed: int | None = None
    """Seed of the random list, if it is known."""
    date: dt.date | None = None
    """Day of the allocation."""

    @model_validator(mode="after")
    def _strata_and_method_agree(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.randomised and self.method is None:
            yield "a randomised allocation needs its method"
        if self.method == "stratified" and not self.strata:
            yield "a stratified allocation needs its strata"
        if self.strata_columns and self.method not in {"stratified", "matched"}:
            yield (
                'strata_columns hold the strata of method = "stratified", or the sets of '
                '"matched"; state the method, or leave strata_columns out'
            )
        elif self.strata_columns and self.strata and len(self.strata_columns) != len(self.strata):
            yield (
                f"strata names {len(self.strata)} and strata_columns {len(self.strata_columns)}; "
                "name one column for each, or leave strata_columns out"
            )
        for column, cuts in self.strata_columns.items():
            if not rising(cuts):
                yield f"strata_columns {column}: cut points must rise from one to the next"


class Comparison(Section):
    """How the people compared were found."""

    recruited: Literal["before_allocation", "after_allocation"]
    """Whether people were recruited before their group was known."""
    recruited_by: Text
    """Who asked people to take part."""
    blind: bool | None = None
    """Whether those who recruited did not know the arm."""
    comparators: Literal["same_eligibility", "sample", "other"]
    """`sample`: for example a random sample of the practice list, not people referred."""
    description: Text | None = None
    """Anything else the reader must know of the people compared."""


class Contrast(Section):
    """The one primary contrast."""

    kind: Literal["wave", "mean", "slope"]
    """At one wave, as a mean of several, or as a slope over all."""
    waves: tuple[str, ...] = ()
    """One wave for `wave`; those averaged for `mean`; none for `slope`."""

    @model_validator(mode="after")
    def _waves_fit_the_kind(self) -> Self:
        one, none = len(self.waves) == 1, not self.waves
        if self.kind == "wave" and not one:
            raise ValueError("a contrast at a wave names exactly one wave")
        if self.kind == "mean" and (one or none):
            raise ValueError("a mean of waves names at least two")
        if self.kind == "slope" and not none:
            raise ValueError("a slope runs over all waves; leave waves out")
        return self


class Estimand(Section):
    """What is to be estimated, before how."""

    population: Text
    """Whom the answer is about."""
    outcome: Text
    """Name of the primary outcome."""
    contrast: Contrast
    summary: Text
    """For example: difference in mean score between arms."""
    disengagement: Text
    """What is done about people who stop seeing the link worker."""
    death: Text
    """What is done about people who died."""
    moving_practice: Text
    """What is done about people who changed practice."""
