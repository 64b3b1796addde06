"""What was measured: an outcome, its instrument, and what a score of it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from splw_eval.core.errors import PlanError
from splw_eval.core.plan.measurement import Name, Text
from splw_eval.core.plan.section import Section

Direction = Literal["higher_is_better", "lower_is_better"]


class Mid(Section):
    """Minimal important difference: a number is nothing without its source."""

    value: Annotated[float, Field(gt=0)]
    """Size in the score's units."""
    source: Text
    """Paper, population and method."""


class FromColumn(Section):
    """Something that a file says of each questionnaire or person."""

    column: Text
    """Heading of the column that holds it."""


def _form(value: Any) -> str:
    """Which form an option has, so that a fault is said once and not for every form."""
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list | tuple):
        return "codes"
    return "column" if isinstance(value, Mapping | FromColumn) else "word"


Option = Annotated[
    Annotated[str, Tag("word")]
    | Annotated[bool, Tag("yes_no")]
    | Annotated[float, Tag("number")]
    | Annotated[tuple[int, ...], Tag("codes")]
    | Annotated[FromColumn, Tag("column")],
    Discriminator(_form),
]


class Outcome(Section):
    """One score: its instrument, range and direction."""

    name: Name
    """Short name, used elsewhere in the plan and in the tables."""
    label: Text
    """What a commissioner reads."""
    instrument: Text
    """Name of the questionnaire: a name of the catalogue, such as `swemwbs`, or any other.
    Capitals, spaces, hyphens and underscores do not count: `PHQ-9` is `phq9`."""
    score: Name | None = None
    """Which score of the catalogue's instrument; without it, the one that `version` names or
    `range` and `direction` fit, and else the first."""
    options: Annotated[dict[str, Option], Field(default_factory=dict)]
    """What the catalogue's scoring asks, such as `coding = "scored"`; `{ column = "..." }` where
    a column answers it for each questionnaire or person."""
    stated_range: tuple[float, float] | None = Field(default=None, alias="range")
    """Lowest and highest possible score; needed where the catalogue has no such instrument."""
    stated_direction: Direction | None = Field(default=None, alias="direction")
    """Which end of the range is the better one; needed where the catalogue has no such
    instrument."""
    role: Literal["primary", "secondary"]
    """Exactly one outcome is primary."""
    version: Text | None = None
    """Version of the questionnaire or of the scoring, such as metric score."""
    value_set: Text | None = None
    """Name of the value set, where the score rests on one."""
    coding: Text | None = None
    """How answers were coded, where there is more than one way."""
    unit: Text = "points"
    """Unit, as it is printed."""
    stated_decimals: Annotated[int, Field(ge=0, le=4)] | None = Field(
        default=None, alias="decimals"
    )
    """Decimals printed; 1 where neither this nor the catalogue says."""
    stated_step: Annotated[float, Field(gt=0)] | None = Field(default=None, alias="step")
    """Smallest difference between two scores: 1 for a sum of whole answers, 0.001 for an index;
    1 where neither this nor the catalogue says. Small groups are printed with fewer decimals,
    as all of them would give their size away."""
    validation: Text | None = None
    """Where the questionnaire was tested, as a paper, or that it was made for this study and was
    not; for those that the catalogue does not know."""
    mid: Mid | None = None
    """Without it, nobody is counted as better or worse, and that is said."""
    out_of_range: Literal["error", "missing"] = "error"
    """`missing` sets scores outside the range, and answers outside their codes, to missing, and
    counts them."""

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest possible score."""
        if self.stated_range is None:
            raise self._unknown("range")
        return self.stated_range

    @property
    def direction(self) -> Direction:
        """Which end of the range is the better one."""
        if self.stated_direction is None:
            raise self._unknown("direction")
        return self.stated_direction

    @property
    def decimals(self) -> int:
        """Decimals printed."""
        return 1 if self.stated_decimals is None else self.stated_decimals

    @property
    def step(self) -> float:
        """Smallest difference between two scores."""
        return 1.0 if self.stated_step is None else self.stated_step

    def _unknown(self, what: str) -> PlanError:
        return PlanError(
            f"The {what} of the outcome {self.name} is not stated in this plan.",
            (),
            where="Load the study first: the plan of a Study has it from the catalogue.",
        )

    @model_validator(mode="after")
    def _range_is_wide_enough(self) -> Self:
        if self.stated_range is None:
            return self
        low, high = self.stated_range
        if low >= high:
            raise ValueError("range runs backwards; write it as [lowest, highest]")
        if self.mid and self.mid.value > high - low:
            raise ValueError("the MID is larger than the whole range of the score")
        return self
