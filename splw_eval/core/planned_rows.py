"""Row types of what was delivered beside what was planned: places, contacts, minutes, weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, share


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """Attended contacts of one group in one place."""

    group: Annotated[str, label("Group")]
    place: Annotated[str, label("Where")]
    people: Annotated[int | None, count("People")]
    contacts: Annotated[int | None, count("Contacts")]
    of_contacts: Annotated[int | None, count("All attended contacts")]
    others: Annotated[int | None, count("Elsewhere", follows=True)]
    share: Annotated[
        float | None,
        share(
            "Per cent",
            numerator="contacts",
            of="of_contacts",
            complement="others",
            parts_of=("group",),
        ),
    ]


def _part(title: str, numerator: str) -> Column:
    return share(title, numerator=numerator, of="known")


def _spread(title: str) -> Column:
    return Column(title=title, role=Role.QUANTILE, base="known", decimals=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One number of each person's support, set against what the plan says of it."""

    group: Annotated[str, label("Group")]
    measure: Annotated[str, label("What")]
    unit: Annotated[str, label("Unit")]
    planned: Annotated[str, label("Planned")]
    among: Annotated[str, label("Among")]
    known: Annotated[int | None, count("People")]
    lower: Annotated[float | None, _spread("Lower quarter")]
    median: Annotated[float | None, _spread("Median")]
    upper: Annotated[float | None, _spread("Upper quarter")]
    fewer: Annotated[int | None, count("Fewer than planned")]
    within: Annotated[int | None, count("As planned")]
    more: Annotated[int | None, count("More than planned")]
    share_fewer: Annotated[float | None, _part("Fewer, per cent", "fewer")]
    share_within: Annotated[float | None, _part("As planned, per cent", "within")]
    share_more: Annotated[float | None, _part("More, per cent", "more")]


SupportGivenRow = PlacedRow | PlannedRow
