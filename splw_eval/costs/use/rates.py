"""Use of services before and after time zero, by group, and the run-in before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from splw_eval.core.cost_rows import RunInRow, UseRow
from splw_eval.core.result import Note, Result
from splw_eval.costs.use.fitted import (
    HUNDRED,
    change_fit,
    fewest_behind,
    people_of,
    rate_fit,
    rate_of,
    ratio_fit,
)
from splw_eval.costs.use.grid import MONTH_ZERO, USES, UseGrid, grid_of
from splw_eval.data import Study
from splw_eval.describe.cells import grouping
from splw_eval.stats import FEWEST_CLUSTERS

LATE = 3  # months before time zero in which people are found
SOURCES = (
    "Bell & McCaffrey 2002, Surv Methodol 28:169",
    "Barnett, van der Pols & Dobson 2005, Int J Epidemiol 34:215",
)
REGRESSION = (
    "People are often found when they use services much. What is high at such a time falls back "
    "by itself (regression to the mean), so a fall afterwards is not the programme's doing unless "
    "people found in the same way, without the programme, fell less."
)
_POOLED = (
    "A rate is all use divided by all person-months that are known, times 100. Only people with "
    "some month known on both sides are counted, so that the same people stand before and after."
)
_RATIO = (
    "The interval of a multiple is worked out on the scale of logarithms. A multiple of 1 is no "
    "change."
)
_FEW = (
    f"No interval is given where fewer than {FEWEST_CLUSTERS} practices or link workers were seen: "
    "too few to tell how much they differ."
)
_EARLY = (
    f"The run-in sets the last {LATE} months before time zero beside the months before those. A "
    "rise says that people were found at a high point. What is left after time zero, against the "
    "early months, is the better guide to a lasting change, and still no effect."
)
_SHORT = "The plan looks back for {n} months or fewer, too short to see a run-in."


def describe_use(study: Study) -> Result[UseRow]:
    """Describe use of services before and after time zero.

    Parameters
    ----------
    study : Study
        With a table of service use, and dates of time zero.

    Returns
    -------
    Result of UseRow
        A row for each group and kind of use. It is a change within a group and never an effect.
    """
    grid = grid_of(study)
    rows = tuple(
        row
        for use in grid.values
        for arm, group in enumerate(study.plan.groups)
        if (row := _row(study, grid, use, arm, group)) is not None
    )
    said = [_POOLED, REGRESSION, _RATIO, grouping(study).sentence]
    if any("fewer than" in (row.interval or "") for row in rows):
        said.append(_FEW)
    notes = (
        *(Note(text=text) for text in said),
        Note(text=MONTH_ZERO),
        *grid.notes,
        *_absent(study, rows),
    )
    return Result(
        key="service_use",
        title="Use of services before and after",
        unit="events per 100 people a month",
        row_type=UseRow,
        rows=rows,
        notes=notes,
        sources=SOURCES if rows else (),
    )


def _absent(study: Study, rows: Sequence[UseRow]) -> Iterator[Note]:
    there = {row.group for row in rows}
    for group in study.plan.groups:
        if group not in there:
            named = group.replace("{", "{{").replace("}", "}}")
            yield Note(text=f"{named}: nobody is known both before and after, so there is no row.")


def _row(study: Study, grid: UseGrid, use: str, arm: int, group: str) -> UseRow | None:
    rules = study.plan.service_use
    before, months_before = grid.between(use, -rules.months_before, -1)
    after, months_after = grid.between(use, 1, rules.months_after)
    here = study.people.arm == arm
    both = here & (months_before > 0) & (months_after > 0)
    if not both.any():
        return None
    some = people_of(study, both)
    first = rate_of(before[both], months_before[both])
    then = rate_of(after[both], months_after[both])
    start, end, change = rate_fit(some, first), rate_fit(some, then), change_fit(some, first, then)
    ratio, low, high = ratio_fit(some, first, then)
    return UseRow(
        group=group,
        what=USES[use],
        n=int(both.sum()),
        n_out=int((here & ~both).sum()),
        n_fewest=fewest_behind((before[both], after[both]), int(both.sum())),
        months_before=first.time,
        before=HUNDRED * first.rate,
        before_low=start.conf_low,
        before_high=start.conf_high,
        months_after=then.time,
        after=HUNDRED * then.rate,
        after_low=end.conf_low,
        after_high=end.conf_high,
        change=HUNDRED * (then.rate - first.rate),
        conf_low=change.conf_low,
        conf_high=change.conf_high,
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        df=change.df,
        clusters=some.units,
        interval=change.method,
    )


def describe_run_in(study: Study) -> Result[RunInRow]:
    """Describe whether use rose before time zero, and what is left against the time before that.

    Parameters
    ----------
    study : Study
        With a table of service use, and dates of time zero.

    Returns
    -------
    Result of RunInRow
    """
    grid = grid_of(study)
    long_enough = study.plan.service_use.months_before > LATE
    rows = tuple(
        row
        for use in grid.values
        for arm, group in enumerate(study.plan.groups)
        if long_enough and (row := _run_in(study, grid, use, arm, group)) is not None
    )
    notes = [
        Note(text=_EARLY),
        Note(text=grouping(study).sentence),
        Note(text=MONTH_ZERO),
        *grid.notes,
    ]
    if not long_enough:
        notes = [Note(text=_SHORT.replace("{n}", str(LATE)))]
    return Result(
        key="service_run_in",
        title="Use of services in the months before",
        unit="events per 100 people a month",
        row_type=RunInRow,
        rows=rows,
        notes=tuple(notes),
        sources=SOURCES if rows else (),
    )


def _run_in(study: Study, grid: UseGrid, use: str, arm: int, group: str) -> RunInRow | None:
    rules = study.plan.service_use
    times = (
        grid.between(use, -rules.months_before, -LATE - 1),
        grid.between(use, -LATE, -1),
        grid.between(use, 1, rules.months_after),
    )
    all_known = np.all([known > 0 for _, known in times], axis=0) & (study.people.arm == arm)
    if not all_known.any():
        return None
    some = people_of(study, all_known)
    early, late, after = (rate_of(events[all_known], known[all_known]) for events, known in times)
    rise, since = change_fit(some, early, late), change_fit(some, early, after)
    return RunInRow(
        group=group,
        what=USES[use],
        n=int(all_known.sum()),
        n_fewest=fewest_behind([e[all_known] for e, _ in times], int(all_known.sum())),
        early=HUNDRED * early.rate,
        late=HUNDRED * late.rate,
        rise=HUNDRED * (late.rate - early.rate),
        conf_low=rise.conf_low,
        conf_high=rise.conf_high,
        since=HUNDRED * (after.rate - early.rate),
        since_low=since.conf_low,
        since_high=since.conf_high,
        clusters=some.units,
        interval=rise.method,
    )
