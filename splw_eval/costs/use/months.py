"""Use of services month by month around time zero, in stretches that enough people used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.cost_rows import UseMonthRow
from splw_eval.core.result import Note, Result
from splw_eval.costs.use.fitted import (
    FEWEST_USERS,
    HUNDRED,
    fewest_behind,
    people_of,
    rate_fit,
    rate_of,
)
from splw_eval.costs.use.grid import MONTH_ZERO, USES, UseGrid, grid_of
from splw_eval.data import Study
from splw_eval.describe.cells import grouping

Stretch = tuple[int, int]
_WIDTHS = (1, 3, 6)
_HOW = (
    "Each point is of everybody known in that stretch, so people may differ from point to point. "
    "Months are joined to stretches of 3, 6 or all where too few people used the service in a "
    "single month. Intervals are for one point at a time, and say nothing of changes."
)


def describe_use_months(study: Study) -> Result[UseMonthRow]:
    """Describe use of services month by month, before time zero and after.

    Parameters
    ----------
    study : Study
        With a table of service use, and dates of time zero.

    Returns
    -------
    Result of UseMonthRow
    """
    grid = grid_of(study)
    rows = tuple(row for use in grid.values for row in _rows(study, grid, use))
    return Result(
        key="service_use_months",
        title="Use of services month by month",
        unit="events per 100 people a month",
        row_type=UseMonthRow,
        rows=rows,
        notes=(
            Note(text=_HOW),
            Note(text=grouping(study).sentence),
            Note(text=MONTH_ZERO),
            *grid.notes,
        ),
    )


def _rows(study: Study, grid: UseGrid, use: str) -> Iterator[UseMonthRow]:
    stretches = _stretches(study, grid, use)
    for arm, group in enumerate(study.plan.groups):
        here = study.people.arm == arm
        for first, last in stretches:
            events, known = grid.between(use, first, last)
            who = here & (known > 0)
            if not who.any():
                continue
            some, rate = people_of(study, who), rate_of(events[who], known[who])
            found = rate_fit(some, rate)
            yield UseMonthRow(
                group=group,
                what=USES[use],
                month=(first + last) / 2,
                months=_named(first, last),
                n=int(who.sum()),
                users=int((events[who] > 0).sum()),
                n_fewest=fewest_behind((events[who],), int(who.sum())),
                estimate=HUNDRED * rate.rate,
                conf_low=found.conf_low,
                conf_high=found.conf_high,
            )


def _named(first: int, last: int) -> str:
    words = [str(abs(month)) for month in (first, last)]
    if first == last == 0:
        return "the month of time zero"
    both = words[0] if first == last else f"{words[0]} to {words[1]}"
    return f"{both} {'before' if last < 0 else 'after'}"


def _stretches(study: Study, grid: UseGrid, use: str) -> list[Stretch]:
    """The shortest stretches in each of which enough people of each group used the service."""
    rules = study.plan.service_use
    longest = max(rules.months_before, rules.months_after)
    for width in (*_WIDTHS, longest):
        found = list(_cut(rules.months_before, rules.months_after, width))
        if width == longest or all(_enough(study, grid, use, one) for one in found if one[0]):
            return found
    return []


def _cut(before: int, after: int, width: int) -> Iterator[Stretch]:
    """Stretches that end the month before time zero, that month, and those from the next on."""
    ends = [(max(-before, end - width + 1), end) for end in range(-1, -before - 1, -width)]
    yield from reversed(ends)
    yield 0, 0
    yield from ((start, min(after, start + width - 1)) for start in range(1, after + 1, width))


def _enough(study: Study, grid: UseGrid, use: str, stretch: Stretch) -> bool:
    events, known = grid.between(use, *stretch)
    users = [int(((study.people.arm == arm) & (events > 0)).sum()) for arm, _ in _arms(study)]
    there = [bool(((study.people.arm == arm) & (known > 0)).any()) for arm, _ in _arms(study)]
    return all(n >= FEWEST_USERS for n, any_known in zip(users, there, strict=True) if any_known)


def _arms(study: Study) -> Iterator[tuple[int, str]]:
    """Arms with anybody in them."""
    for arm, group in enumerate(study.plan.groups):
        if np.any(study.people.arm == arm):
            yield arm, group
