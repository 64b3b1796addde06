"""What must agree between the sections of a plan."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from splw_eval.core.plan.adjusting import adjusting_faults
from splw_eval.core.plan.costing import costing_faults
from splw_eval.core.plan.design import TRIALS
from splw_eval.core.plan.measurement import Wave
from splw_eval.core.plan.shape import PlanShape
from splw_eval.core.plan.sizing import sizing_faults
from splw_eval.core.plan.suggestion import suggestion

DAYS_PER_MONTH = 365.25 / 12
_JOINTS = "-_\u2010\u2011\u2012\u2013\u2014"  # hyphens and dashes as people type them


def bare_name(word: str) -> str:
    """Name of an instrument without capitals, spaces, hyphens and underscores."""
    return "".join(c for c in word.casefold() if not c.isspace() and c not in _JOINTS)


def planned_day(wave: Wave) -> int:
    """Day after time zero on which a wave is planned; halves are rounded up, as in Excel."""
    return math.floor(wave.month * DAYS_PER_MONTH + 0.5)


def window(wave: Wave) -> tuple[int, int] | None:
    """First and last day after time zero that count for a wave."""
    if wave.window_days is None:
        return None
    return planned_day(wave) + wave.window_days[0], planned_day(wave) + wave.window_days[1]


def dated_faults(plan: PlanShape) -> Iterator[str]:
    """What a plan does not say though its files give dates, as sentences."""
    if plan.pick is None:
        yield "pick: dates are given; say which one in a window counts: nearest, first or last"
    if not any(zero.column for zero in plan.time_zero):
        yield "[[time_zero]] column: dates of measurement are given, but no date to count from"
    for wave in plan.waves:
        if wave.window_days is None:
            yield f"[[waves]] {wave.name}: dates are given, so it needs window_days"


def faults(plan: PlanShape) -> Iterator[str]:
    """Every disagreement, as a sentence that names its section."""
    yield from _arms(plan)
    yield from _allocation(plan)
    yield from _waves(plan)
    yield from _windows(plan)
    yield from _outcomes(plan)
    yield from _estimand(plan)
    yield from _files(plan)
    yield from _time_zero(plan)
    yield from adjusting_faults(plan)
    yield from sizing_faults(plan)
    yield from costing_faults(plan)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f'{what}: "{name}" stands {times} times; each may stand once'


def _arms(plan: PlanShape) -> Iterator[str]:
    yield from _twice("[[arms]] value", (arm.value for arm in plan.arms))
    yield from _twice("[[arms]] label", (arm.label for arm in plan.arms))
    if plan.design == "pre_post":
        if plan.arms:
            yield "[[arms]]: a pre_post design has one group; leave [[arms]] out"
        return
    roles = {arm.role for arm in plan.arms}
    if roles != {"programme", "comparison"}:
        yield (
            f"[[arms]]: design {plan.design} needs at least one arm with role "
            '"programme" and one with role "comparison"'
        )


def _allocation(plan: PlanShape) -> Iterator[str]:
    randomised = plan.allocation is not None and plan.allocation.randomised
    if plan.design in TRIALS and plan.allocation is None:
        yield f"[allocation]: design {plan.design} needs it"
    if plan.design in TRIALS and plan.allocation is not None and not randomised:
        yield f"[allocation]: {plan.design} is randomised; otherwise use controlled_cohort"
    if plan.design not in TRIALS and randomised:
        yield f"[allocation]: design {plan.design} cannot be randomised; choose a trial design"
    if plan.design == "cluster_trial_unlike_recruitment" and plan.comparison is None:
        yield "[comparison]: say how the people compared were found"


def _waves(plan: PlanShape) -> Iterator[str]:
    written = [word for wave in plan.waves for word in (wave.name, *wave.written)]
    yield from _twice("[[waves]] name or written", written)
    yield from _twice("[[waves]] label", (wave.title for wave in plan.waves))
    months = [wave.month for wave in plan.waves]
    if months[0] != 0:
        yield "[[waves]]: the first wave must be baseline, month 0"
    if any(later <= earlier for earlier, later in pairwise(months)):
        yield "[[waves]]: months must rise from wave to wave"


def _windows(plan: PlanShape) -> Iterator[str]:
    of_measures = [file for file in plan.files if file.table == "measures"]
    if any("date" in file.columns or file.dates for file in of_measures):
        yield from dated_faults(plan)
    windows = [(wave.name, window(wave)) for wave in plan.waves]
    stated = [(name, days) for name, days in windows if days is not None]
    for (first, early), (second, late) in pairwise(stated):
        if late[0] <= early[1]:
            yield f"[[waves]]: the windows of {first} and {second} overlap; part them"


def _outcomes(plan: PlanShape) -> Iterator[str]:
    yield from _twice("[[outcomes]] name", (outcome.name for outcome in plan.outcomes))
    yield from _twice("[[outcomes]] label", (outcome.label for outcome in plan.outcomes))
    primary = [outcome.name for outcome in plan.outcomes if outcome.role == "primary"]
    if len(primary) != 1:
        yield f'[[outcomes]]: exactly one has role "primary"; here {len(primary)} have'
    held = {outcome for _, outcome, _, _ in plan.score_columns()}
    of_items = {bare_name(instrument) for file in plan.files for instrument in file.items}
    for outcome in plan.outcomes:
        if outcome.name not in held and bare_name(outcome.instrument) not in of_items:
            yield (
                f"[[outcomes]] {outcome.name}: no file names its column in [files.scores], nor "
                "the items of its instrument in [files.items]"
            )


def _estimand(plan: PlanShape) -> Iterator[str]:
    estimand = plan.estimand
    names = [outcome.name for outcome in plan.outcomes]
    if estimand.outcome not in names:
        near = suggestion(estimand.outcome, names)
        yield f'[estimand] outcome: no outcome "{estimand.outcome}"{near}'
    elif any(o.name == estimand.outcome and o.role != "primary" for o in plan.outcomes):
        yield "[estimand] outcome: must be the primary outcome"
    follow_up = [wave.name for wave in plan.follow_up]
    for wave in estimand.contrast.waves:
        if wave not in follow_up:
            yield f'[estimand] contrast: no follow-up wave "{wave}"{suggestion(wave, follow_up)}'


def _files(plan: PlanShape) -> Iterator[str]:
    if not any(file.table == "measures" for file in plan.files):
        yield '[[files]]: one must have table = "measures"'
    if len(plan.files) > 1 and any(file.row_is_person for file in plan.files):
        yield "[[files]] row_is_person: rows of two files cannot be matched without pseudonyms"
    for table in ("people", "link_workers", "clusters"):
        if sum(file.table == table for file in plan.files) > 1:
            yield f'[[files]]: at most one may have table = "{table}"'
    yield from _names_in_files(plan)


def _names_in_files(plan: PlanShape) -> Iterator[str]:
    outcomes = [outcome.name for outcome in plan.outcomes]
    instruments = [outcome.instrument for outcome in plan.outcomes]
    for file, outcome, wave, _ in plan.score_columns():
        if outcome not in outcomes:
            near = suggestion(outcome, outcomes)
            yield f'[files.scores] of {file.path}: no outcome "{outcome}"{near}'
        yield from _unknown_wave(plan, f"[files.scores] of {file.path}", wave)
    for file in plan.files:
        for instrument in file.items:
            if bare_name(instrument) not in map(bare_name, instruments):
                near = suggestion(instrument, instruments)
                problem = f'no outcome has the instrument "{instrument}"{near}'
                yield f"[files.items] of {file.path}: {problem}"
        for _, wave, _ in file.item_columns():
            yield from _unknown_wave(plan, f"[files.items] of {file.path}", wave)
        for wave in file.dates:
            yield from _unknown_wave(plan, f"[files.dates] of {file.path}", wave)


def _unknown_wave(plan: PlanShape, where: str, wave: str | None) -> Iterator[str]:
    waves = [known.name for known in plan.waves]
    if wave is not None and wave not in waves:
        yield f'{where}: no wave "{wave}"{suggestion(wave, waves)}'


def _time_zero(plan: PlanShape) -> Iterator[str]:
    if plan.data_cut and not any(zero.column for zero in plan.time_zero):
        yield "data_cut: no [[time_zero]] names a column, so nobody can be said to be not yet due"
    values = [arm.value for arm in plan.arms]
    arms = [zero.arm for zero in plan.time_zero]
    yield from _twice("[[time_zero]] arm", (arm or "every arm" for arm in arms))
    for arm in arms:
        if arm is not None and arm not in values:
            yield f'[[time_zero]]: no arm "{arm}"{suggestion(arm, values)}'
    if None in arms and len(arms) > 1:
        yield "[[time_zero]]: either one for every arm, or one for each arm by name"
    for value in values:
        if None not in arms and value not in arms:
            yield f"[[time_zero]]: arm {value} has none"
