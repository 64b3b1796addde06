"""Rows of who gave the support: none is about fewer than three link workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, share, staff, units


def _figure(title: str, decimals: int = 1) -> Column:
    """Return a figure over link workers, hidden with all of its row where they are too few."""
    return Column(title=title, role=Role.ESTIMATE, decimals=decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """Link workers by practices served, or practices by link workers; three of these or more."""

    group: Annotated[str, label("Which")]
    workers: Annotated[int | None, staff("Link workers", of="people")]
    practices: Annotated[int | None, units("Practices", of="people")]
    people: Annotated[int | None, count("Their people")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """Link workers in one category of a characteristic."""

    characteristic: Annotated[str, label("Characteristic")]
    category: Annotated[str, label("Category")]
    workers: Annotated[int | None, staff("Link workers", part_of="known")]
    others: Annotated[int | None, staff("In another category", part_of="known")]
    known: Annotated[int | None, staff("Link workers of whom it is known")]
    share: Annotated[
        float | None,
        share(
            "Of those known, per cent",
            numerator="workers",
            of="known",
            complement="others",
            parts_of=("characteristic",),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderNumberRow:
    """Spread of one number that is kept of each link worker."""

    measure: Annotated[str, label("What")]
    unit: Annotated[str, label("Unit")]
    of: Annotated[int | None, staff("Link workers")]
    known: Annotated[int | None, staff("Known of")]
    in_all: Annotated[float | None, _figure("In all")]
    lower: Annotated[float | None, _figure("Lower quarter")]
    median: Annotated[float | None, _figure("Median")]
    upper: Annotated[float | None, _figure("Upper quarter")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoverRow:
    """Link workers who came and left in one span of time."""

    since: Annotated[str, label("From")]
    until: Annotated[str, label("To")]
    ever: Annotated[int | None, staff("Ever in post")]
    in_post: Annotated[int | None, staff("In post at the end", part_of="ever")]
    left: Annotated[int | None, staff("Left", part_of="ever")]
    share_left: Annotated[
        float | None, share("Left, per cent", numerator="left", of="ever", complement="in_post")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """People met for each year of a full-time post."""

    workers: Annotated[int | None, staff("Link workers", of="people")]
    people: Annotated[int | None, count("People met")]
    post_years: Annotated[float | None, _figure("Years of a full-time post")]
    per_year: Annotated[int | None, count("People a year of a full-time post", of="people")]
    guide: Annotated[str, label("Guide number")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFieldRow:
    """How far one column of the table of link workers is filled."""

    column: Annotated[str, label("What is kept")]
    workers: Annotated[int | None, staff("Link workers")]
    filled: Annotated[int | None, staff("Filled", part_of="workers")]
    empty: Annotated[int | None, staff("Empty", part_of="workers")]
    share_filled: Annotated[
        float | None,
        share("Filled, per cent", numerator="filled", of="workers", complement="empty"),
    ]
    entries: Annotated[int | None, _figure("Different entries", 0)]
    judged: Annotated[str, label("In words")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerIccRow:
    """How alike the scores of people of one link worker are."""

    outcome: Annotated[str, label("Outcome")]
    wave: Annotated[str, label("Wave")]
    n: Annotated[int | None, count("People")]
    workers: Annotated[int | None, staff("Link workers", of="n")]
    estimate: Annotated[float | None, _figure("ICC", 3)]
    conf_low: Annotated[float | None, _figure("95% interval, from", 3)]
    conf_high: Annotated[float | None, _figure("to", 3)]
    method: Annotated[str, label("How it was found")]
