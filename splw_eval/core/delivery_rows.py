"""Row types of what was delivered: stages, contacts, levels, caseload and continuity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, share, staff
from splw_eval.core.planned_rows import SupportGivenRow
from splw_eval.core.reach_rows import ReachKindRow


def _spread(title: str, *, of: str, decimals: int = 0) -> Column:
    return Column(title=title, role=Role.QUANTILE, base=of, decimals=decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """Referrals at one stage: those who passed it, and what is known of the others."""

    group: Annotated[str, label("Group")]
    stage: Annotated[str, label("Stage")]
    source: Annotated[str, label("Where it is recorded")]
    referred: Annotated[int | None, count("Referred")]
    passed: Annotated[int | None, count("Reached the stage", part_of="referred")]
    implied: Annotated[int | None, count("of them without a record")]
    not_reached: Annotated[int | None, count("Not reached", part_of="referred")]
    skipped: Annotated[int | None, count("No record, but of a later stage", part_of="referred")]
    still_open: Annotated[int | None, count("Still open", part_of="referred")]
    not_known: Annotated[int | None, count("Not known", part_of="referred")]
    others: Annotated[int | None, count("All others", follows=True)]
    share_passed: Annotated[
        float | None,
        share(
            "Reached, per cent of all referred",
            numerator="passed",
            of="referred",
            complement="others",
        ),
    ]
    reason: Annotated[str, label("Why it is not told")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """Spread of one number of contacts, minutes or days over the people of one group."""

    group: Annotated[str, label("Group")]
    measure: Annotated[str, label("What")]
    unit: Annotated[str, label("Unit")]
    among: Annotated[str, label("Among")]
    people: Annotated[int | None, count("People")]
    known: Annotated[int | None, count("Known of")]
    none: Annotated[int | None, count("with none")]
    lower: Annotated[float | None, _spread("Lower quarter", of="known")]
    median: Annotated[float | None, _spread("Median", of="known")]
    upper: Annotated[float | None, _spread("Upper quarter", of="known")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRow:
    """Attended contacts of one group made in one way."""

    group: Annotated[str, label("Group")]
    mode: Annotated[str, label("How")]
    remote: Annotated[str, label("Remote")]
    people: Annotated[int | None, count("People")]
    contacts: Annotated[int | None, count("Contacts")]
    of_contacts: Annotated[int | None, count("All attended contacts")]
    others: Annotated[int | None, count("Made otherwise", follows=True)]
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
    with_minutes: Annotated[int | None, count("With minutes")]
    median: Annotated[float | None, _spread("Median minutes", of="with_minutes")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """People of one group at one Kimberlee level, declared or derived."""

    group: Annotated[str, label("Group")]
    kind: Annotated[str, label("Level as")]
    level: Annotated[str, label("Level")]
    of: Annotated[int | None, count("People")]
    n: Annotated[int | None, count("At the level")]
    others: Annotated[int | None, count("At others", follows=True)]
    share: Annotated[
        float | None,
        share("Per cent", numerator="n", of="of", complement="others", parts_of=("group", "kind")),
    ]
    known: Annotated[int | None, count("With contacts known", follows=True)]
    median: Annotated[float | None, _spread("Median contacts", of="known", decimals=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentRow:
    """People of one group who got one of the four components of support."""

    group: Annotated[str, label("Group")]
    component: Annotated[str, label("Component of support")]
    of: Annotated[int | None, count("People")]
    n: Annotated[int | None, count("With any")]
    others: Annotated[int | None, count("With none recorded")]
    share: Annotated[
        float | None, share("Per cent", numerator="n", of="of", complement="others", guarded=True)
    ]
    rows: Annotated[int | None, count("Times recorded")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRow:
    """Open cases of link workers at the end of one month.

    With three link workers the quarters are numbers of people of each, so they are counts.
    """

    month: Annotated[str, label("Month")]
    workers: Annotated[int | None, staff("Link workers", of="cases")]
    cases: Annotated[int | None, count("Open cases")]
    waiting: Annotated[int | None, count("Waiting for a first contact")]
    lower: Annotated[int | None, count("Lower quarter")]
    median: Annotated[int | None, count("Median cases of a link worker")]
    upper: Annotated[int | None, count("Upper quarter")]
    per_fte: Annotated[int | None, count("Cases of a full-time post")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuityRow:
    """Whether the people of one group kept their link worker."""

    group: Annotated[str, label("Group")]
    workers: Annotated[int | None, staff("Link workers", of="seen")]
    seen: Annotated[int | None, count("People seen")]
    one_worker: Annotated[int | None, count("by one", part_of="seen")]
    two_workers: Annotated[int | None, count("by two", part_of="seen")]
    three_or_more: Annotated[int | None, count("by three or more", part_of="seen")]
    several: Annotated[int | None, count("by several", follows=True)]
    share_one: Annotated[
        float | None,
        share("One link worker, per cent", numerator="one_worker", of="seen", complement="several"),
    ]
    with_two_contacts: Annotated[int | None, count("With two or more contacts")]
    median: Annotated[
        float | None,
        _spread("Median share with the same", of="with_two_contacts", decimals=2),
    ]


DeliveryRow = (
    StageRow
    | DoseRow
    | ModeRow
    | LevelRow
    | ComponentRow
    | CaseloadRow
    | ContinuityRow
    | SupportGivenRow
    | ReachKindRow
)
