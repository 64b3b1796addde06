"""What was planned of a study's size, with the source of every figure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

PlannedDesign = Literal[
    "individual",
    "pre-post",
    "parallel",
    "baseline",
    "did",
    "cohort",
    "crossover",
    "stepped-wedge",
    "matrix",
    "partially-nested",
    "slopes",
    "multi-arm",
    "multisite",
    "tte",
]
Chance = Annotated[float, Field(gt=0, lt=1)]
Number = Annotated[int, Field(ge=1)]
HUNDRED = 100

# Between which a figure lies, and whether the ends themselves can be.
_RANGES = {
    "sd": (0.0, float("inf"), False),
    "icc": (0.0, 1.0, True),
    "cac": (0.0, 1.0, True),
    "iac": (0.0, 1.0, True),
    "cluster_size_cv": (0.0, 5.0, True),
    "correlation": (-1.0, 1.0, True),
    "attrition": (0.0, 1.0, True),
}


class Sourced(Section):
    """A number and where it comes from."""

    value: float
    """The number."""
    source: Text
    """The paper or the data it comes from."""


class PlannedDropout(Section):
    """Share of people expected to be lost by each wave."""

    shares: dict[str, Annotated[float, Field(ge=0)]]
    """By wave, all who are lost until then: `{ month_6 = 0.2, month_12 = 0.3 }`."""
    source: Text
    """The paper or the data it comes from."""

    @model_validator(mode="after")
    def _shares_are_shares(self) -> Self:
        faults = [
            _percent(f"shares.{wave}", share) for wave, share in self.shares.items() if share >= 1
        ]
        if not self.shares:
            faults.append("shares names no wave")
        if faults:
            raise ValueError("\n".join(faults))
        return self


class SampleSize(Section):
    """What was planned of the study's size; every figure with its source."""

    design: PlannedDesign | None = None
    """The design of the calculation, one of those of `splw-eval power`."""
    target_difference: Sourced | None = None
    """Difference that the study should be able to find."""
    sd: Sourced | None = None
    """Standard deviation of the outcome."""
    power: Chance | None = None
    """Chance of finding that difference, if it is there."""
    alpha: Chance = 0.05
    """Level of the test, of two sides."""
    people: Number | None = None
    """How many people were planned."""
    clusters: Number | None = None
    """How many practices were planned."""
    clusters_arm: tuple[Number, ...] = ()
    """How many of each arm, in the order of `[[arms]]`."""
    size: Annotated[float, Field(ge=1)] | None = None
    """How many people were to be recruited in each practice."""
    icc: Sourced | None = None
    """How alike people of one practice are."""
    cac: Sourced | None = None
    """How alike a practice stays from one wave to another: cluster autocorrelation."""
    iac: Sourced | None = None
    """How alike a person stays, beside the practice: individual autocorrelation."""
    cluster_size_cv: Sourced | None = None
    """How much practices differ in size: SD divided by mean."""
    correlation: Sourced | None = None
    """Correlation of the outcome with its baseline."""
    attrition: Sourced | None = None
    """Share of people expected to be lost by the last wave of the contrast."""
    dropout: PlannedDropout | None = None
    """The same by wave, in place of `attrition`."""

    @model_validator(mode="after")
    def _figures_can_be(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        for name, (low, high, ends) in _RANGES.items():
            given: Sourced | None = getattr(self, name)
            if given is not None and not _within(given.value, low, high, ends=ends):
                yield _outside(name, given.value, low, high)
        if self.target_difference is not None and self.target_difference.value == 0:
            yield "target_difference is 0, which no study can find; give the size that matters"
        if self.attrition is not None and self.attrition.value == 1:
            yield "attrition of 1 leaves nobody"
        if self.attrition is not None and self.dropout is not None:
            yield "attrition and dropout say the same; give one of them"
        if self.clusters is not None and self.clusters_arm:
            total = sum(self.clusters_arm)
            if total != self.clusters:
                yield f"clusters is {self.clusters}, and clusters_arm adds up to {total}"
        if self.power is not None and self.power <= self.alpha:
            yield "power is no more than alpha, which any test reaches where there is no difference"

    @property
    def all_clusters(self) -> int | None:
        """Practices of all arms, however they were given."""
        return sum(self.clusters_arm) if self.clusters_arm else self.clusters

    def lost_by(self, wave: str) -> float | None:
        """Share expected to be lost by a wave; None where it was not said."""
        if self.dropout is not None:
            return self.dropout.shares.get(wave)
        return None

    def falls(self, waves: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Waves, in their order, of which the later has fewer lost than the earlier."""
        if self.dropout is not None:
            held = [(wave, self.dropout.shares[wave]) for wave in waves if self.lost_by(wave)]
            for (earlier, before), (later, after) in pairwise(held):
                if after < before:
                    yield earlier, later


def _within(value: float, low: float, high: float, *, ends: bool) -> bool:
    return low <= value <= high if ends else low < value < high


def _outside(name: str, value: float, low: float, high: float) -> str:
    if high == 1 and value > 1:
        return _percent(name, value)
    if high == float("inf"):
        return f"{name} must be above {low:g}, and is {value:g}"
    return f"{name} must lie between {low:g} and {high:g}, and is {value:g}"


def _percent(name: str, value: float) -> str:
    said = f"; write {value / HUNDRED:g} for {value:g} per cent" if value > 1 else ""
    return f"{name} is a share below 1, and is {value:g}{said}"
