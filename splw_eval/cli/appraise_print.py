"""Checklists on a terminal of any width: item by item, with a sign and a word for each check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from splw_eval.appraisal.checklists import Item, Profile, profiles
from splw_eval.appraisal.checklists.facts import NOT_LOOKED_AT, NOTHING_YET
from splw_eval.appraisal.checklists.fitting import (
    applies_together,
    fits,
    fitting,
    meant_for,
    waiting,
)
from splw_eval.cli.wrapped import print_items, print_line, width
from splw_eval.core.check_rows import CheckRow, Kind, Status
from splw_eval.core.plan import Plan

if TYPE_CHECKING:
    from splw_eval.cli.appraise_done import Appraisal

SIGNS = {
    Status.REPORTED: "[x]",
    Status.NOT_REPORTED: "[ ]",
    Status.NOT_APPLICABLE: "[-]",
    Status.NEEDS_AUTHOR: "[?]",
}
UNCHECKED = "number not checked"
NO_SCORE = (
    "There is no score: a study can meet many checks and fail the one that matters. That something "
    "is reported does not say that it was done well."
)
_STAGES = {
    "data": "",
    "unread": "The data were not looked at, as asked: this is what must be stated and collected to "
    "report each item.",
    "planned": "Nothing is collected yet: this is what must be stated and collected to report "
    "each item.",
    "refused": "The files cannot be used yet: here is what the plan and the findings alone decide.",
}


def print_appraisal(done: Appraisal) -> None:
    """Print every checklist that was held against a study."""
    if done.plan.synthetic:
        print_line("Synthetic data: these people do not exist.")
    if done.exact:
        print_line(f"Exact counts shown: {done.exact}")
    stage = _STAGES["unread" if done.unread else done.stage]
    if stage:
        print_line(stage)
    for n, (profile, result) in enumerate(done.held):
        if n or done.plan.synthetic or done.exact or stage:
            typer.echo("")
        wait = waiting(profile, done.findings) if done.stage == "refused" else frozenset()
        _print_head(profile, done.plan)
        _print_rows(profile, [row for row in result.rows if row.check not in wait])
        _print_ends(result.rows, wait, planned=done.stage == "planned")
    typer.echo("")
    print_line(NO_SCORE)


def _print_head(profile: Profile, plan: Plan) -> None:
    print_line(f"{profile.title} ({profile.name})")
    typer.echo("=" * min(width(), len(profile.title) + len(profile.name) + 3))
    if profile.note:
        print_line(profile.note)
    if not fits(profile.name, plan):
        others = ", ".join(name for name in fitting(plan) if name != "crosswalk")
        print_line(
            f"It is not meant for the design of this study ({plan.design}); meant for it: {others}."
        )
    if applies_together(plan) and profile.name in {"consort_2010_cluster", "trend", "robins_i"}:
        print_line(applies_together(plan))


def _print_rows(profile: Profile, rows: Sequence[CheckRow]) -> None:
    items = {item.number: item for item in profile.items}
    for number, checks in groupby(rows, key=lambda row: row.item):
        typer.echo("")
        print_line(item_heading(items[number]), rest="  ")
        for row in _shortened(list(checks)):
            _print_check(row, items[number])


def item_heading(item: Item) -> str:
    """Return the number of an item with what it is about, and whether the number was checked."""
    unchecked = f" ({UNCHECKED})" if item.status != "verified" else ""
    return f"{item.number}{unchecked}  {item.topic}"


def _shortened(rows: list[CheckRow]) -> Iterator[CheckRow]:
    """Say once, where no check of an item is asked of the study, why that is."""
    reasons = {row.evidence for row in rows if row.status == Status.NOT_APPLICABLE}
    same = len(reasons) == 1 and all(row.status == Status.NOT_APPLICABLE for row in rows)
    yield from rows[:1] if same else rows


def _print_check(row: CheckRow, item: Item) -> None:
    status = Status(row.status)
    own = f"{row.topic.rstrip('?.')}: " if row.topic != item.topic else ""
    print_line(f"{own}{status.value}", first=f"  {SIGNS[status]} ", rest="      ")
    if not goes_without(row):
        print_line(row.evidence, first="      ", rest="      ")
    if row.remedy:
        print_line(row.remedy, first="      To do: ", rest="      ")


def goes_without(row: CheckRow) -> bool:
    """Whether the evidence says no more than the status, or than the line above all checklists."""
    by_person = row.kind == Kind.HUMAN and row.status == Status.NEEDS_AUTHOR
    return by_person or row.evidence in {NOTHING_YET, NOT_LOOKED_AT}


def _print_ends(rows: Sequence[CheckRow], wait: frozenset[str], *, planned: bool) -> None:
    """Print which items something is to be done about; at the planning stage, what."""
    held = [row for row in rows if row.check not in wait]
    open_rows = [row for row in held if row.status == Status.NOT_REPORTED]
    if planned:
        print_items("What to state or to collect, and for which items", _to_do(open_rows))
    typer.echo("")
    _print_numbers("Not reported", open_rows)
    _print_numbers("Needs you", (row for row in held if row.status == Status.NEEDS_AUTHOR))
    if wait:
        _print_numbers("Waits for the files", (row for row in rows if row.check in wait))


def _to_do(rows: Iterable[CheckRow]) -> Iterator[str]:
    by_remedy: dict[str, list[str]] = {}
    for row in rows:
        by_remedy.setdefault(row.remedy, []).append(row.item)
    for remedy, items in by_remedy.items():
        yield f"{remedy} ({', '.join(dict.fromkeys(items))})"


def _print_numbers(words: str, rows: Iterable[CheckRow]) -> None:
    numbers = ", ".join(dict.fromkeys(row.item for row in rows))
    print_line(f"{words}: {numbers or 'none'}.", rest="  ")


def print_profiles(plan: Plan | None = None) -> None:
    """Print the checklists that there are: for whom, and under which licence the original is."""
    for name, profile in profiles().items():
        typer.echo("")
        print_line(f"{name}: {profile.title}, {profile.version}")
        print_line(f"For: {meant_for(name)}.", first="  ", rest="  ")
        print_line(f"Licence: {profile.licence}", first="  ", rest="  ")
        print_line(f"Source: {profile.source}", first="  ", rest="  ")
    if plan is not None:
        typer.echo("")
        print_line(f"Meant for this study: {', '.join(fitting(plan))}.")
        if applies_together(plan):
            print_line(applies_together(plan))
