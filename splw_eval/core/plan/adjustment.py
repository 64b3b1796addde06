"""How other reasons for a difference are allowed for, and for whom it is told apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

Target = Literal["treated", "overlap", "everybody"]
MOST_SUBGROUPS = 10  # with more, one will look unlike the others by chance alone


def rising(cuts: tuple[float, ...]) -> bool:
    """Whether each cut point is above the one before it."""
    return all(later > earlier for earlier, later in pairwise(cuts))


class Confounder(Section):
    """A reason why the groups, or the times, may differ anyway."""

    name: Text
    """What differs."""
    reason: Text
    """Why it may move both who is reached and the outcome."""
    column: Text | None = None
    """Column of people or of practices that holds it, as it was before time zero, or an outcome's
    name for its score at the start. Without it, it was not measured."""
    kind: Literal["number", "category"] | None = None
    """Whether its values are numbers on a scale or names of groups. Left out, the codebook tells,
    and elsewhere whether every cell is a number."""

    @model_validator(mode="after")
    def _kind_is_that_of_a_column(self) -> Self:
        if self.kind is not None and self.column is None:
            raise ValueError("kind is that of a column; name the column, or leave kind out")
        return self


class Adjustment(Section):
    """How groups are made alike in the measured confounders."""

    target: Target = "treated"
    """For whom the adjusted difference holds. `treated`: people like those of the programme.
    `overlap`: people who could have been in either group. `everybody`: all people of the study."""
    method: Literal["propensity", "entropy"] = "propensity"
    """Where the weights come from. `propensity`: the chance of being in the programme group, given
    the confounders. `entropy`: those nearest to equal weights that give the comparison group the
    programme group's means; for `treated` only."""

    @model_validator(mode="after")
    def _entropy_balances_to_the_treated(self) -> Self:
        if self.method == "entropy" and self.target != "treated":
            raise ValueError(
                'method "entropy" gives the comparison group the means of the programme group, so '
                'its target is "treated"; change one of them'
            )
        return self


class Engagement(Section):
    """Who counts as having received the programme."""

    contacts_at_least: Annotated[int, Field(ge=1)] = 1
    """So many attended contacts, or more. Used for the complier-average effect of a trial, for
    outcomes by contacts and for the cost of each engaged person; everybody is still counted in
    their own group in the main answer."""


class Subgroup(Section):
    """A characteristic by which the difference is told apart, chosen before the data were seen."""

    name: Text
    """What the report calls it."""
    reason: Text
    """Why the programme may work more or less for some of them."""
    column: Text
    """Column of people or of practices that holds it, as it was before time zero, or an outcome's
    name for its score at the start."""
    cuts: tuple[float, ...] = ()
    """Cut points of a number: a level holds the values from one cut point up to the next. Bands of
    ages go by their youngest. Left out, a number is taken as it is, and what is told is how the
    difference changes with each step of 1."""

    @model_validator(mode="after")
    def _cuts_rise(self) -> Self:
        if not rising(self.cuts):
            raise ValueError("cuts must rise from one to the next")
        return self
