"""Whether the difference between groups differs between people, by what the plan names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from splw_eval.confounding.benefit.subgroup_rows import Subgroups
from splw_eval.confounding.benefit.subgroups import subgroups
from splw_eval.confounding.reported.received import (
    ONE_GROUP,
    Covariates,
    alone,
    by_practice,
    few_df,
    fit_within,
    measured,
    once,
    strata_of,
)
from splw_eval.confounding.reported.subgroup_levels import FEWEST, OTHERS, Levels, levels_of
from splw_eval.core.confounding_rows import SubgroupRow
from splw_eval.core.errors import FitError
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, Pair, pairs_of
from splw_eval.retention.reported.kinds import why_not
from splw_eval.retention.reported.staying import known

EACH_STEP = "each step of 1"
_CONFIDENCE = 0.95
_NO_EFFECT = Note(
    text="Chance did not decide who was in which group among people found alike, so none of these "
    "differences is an effect."
)
_ADJUSTED = Note(text="Each difference is adjusted for the plan's measured confounders too.")
_HOW = Note(
    text="One regression for each characteristic, of people with a score at the start and then, "
    "with the score at the start and the strata of the allocation, where the plan names them, "
    "allowed for. No level has a p-value."
)
_JOINED = Note(
    text=f"Levels with fewer than {FEWEST} people in either group are put together as “{OTHERS}”, "
    "whatever their scores."
)
_LEFT_OUT = "Some people are left out, as too few to be told apart or as it is not known, of: "
_TOO_FEW = "not looked at, as there are too few people of both groups in two of its levels."


def describe_subgroups(study: Study) -> Result[SubgroupRow]:
    """Give the difference at each level, and how much larger it is than at the first.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of SubgroupRow
        By the subgroups that the plan names. The first note is about how many were looked at.
    """
    rows: list[SubgroupRow] = []
    notes: list[Note] = [] if study.plan.arms else [ONE_GROUP]
    left_out: list[str] = []
    for pair in pairs_of(study):
        frame = measured(pair)
        if not pair.randomised:
            notes += [_NO_EFFECT, *((_ADJUSTED,) if pair.confounders else ())]
        for column, name in pair.subgroups.items():
            levels = levels_of(frame, column)
            found, said = _fitted(pair, study.plan, levels, name)
            notes += said
            if found is not None:
                left_out += [name] if levels.left_out else []
                rows += _rows(pair, study, name, levels, found)
        notes += [_HOW, *alone(pair), *pair.notes]
    if left_out:
        notes.append(Note(text=f"{_LEFT_OUT}{', '.join(dict.fromkeys(left_out))}."))
    notes += few_df([row.df for row in rows])
    return Result(
        key="subgroups",
        title="Whether the difference differs between people",
        unit="",
        row_type=SubgroupRow,
        rows=tuple(rows),
        notes=once([*_multiplicity(rows), *notes]),
        sources=("Wang and others 2007, N Engl J Med 357:2189",) if rows else (),
    )


def _fitted(
    pair: Pair, plan: Plan, levels: Levels, name: str
) -> tuple[Subgroups | None, tuple[Note, ...]]:
    if not levels.enough:
        return None, (Note(text=f"{name}: {_TOO_FEW}"),)
    covariates = () if pair.randomised else _confounders(pair, plan, levels)
    try:
        found, more = fit_within(partial(_fit, pair, levels, covariates), strata_of(levels.frame))
    except FitError as error:
        return None, tuple(Note(text=f"{name}: {note.text}") for note in why_not(error))
    return found, (*more, *((_JOINED,) if levels.joined else ()))


def _fit(pair: Pair, levels: Levels, covariates: Covariates, strata: Covariates) -> Subgroups:
    return subgroups(
        levels.frame,
        outcome=AFTER,
        group=GROUP,
        by=(levels.column if levels.line else f"C({levels.column})",),
        baseline=BEFORE,
        covariates=(*covariates, *strata),
        cluster=by_practice(pair),
        reference=0,
    )


def _confounders(pair: Pair, plan: Plan, levels: Levels) -> Covariates:
    """Measured confounders but the score at the start and the characteristic itself."""
    place = list(pair.subgroups).index(levels.column)
    without = {plan.primary.name, plan.subgroups[place].column}
    columns = {c.name: c.column for c in plan.confounders}
    return tuple(
        column if levels.frame[column].dtype.kind == "f" else f"C({column})"
        for column, name in pair.confounders.items()
        if columns[name] not in without and levels.frame[column].nunique() > 1
    )


def _rows(
    pair: Pair, study: Study, name: str, levels: Levels, found: Subgroups
) -> Iterator[SubgroupRow]:
    more = {str(row["level"]): row for row in found.table.to_dict("records")}
    at = found.levels.to_dict("records")
    first = _smaller(at[0])
    row = partial(_row, pair, study, name, found.practices)
    for level in at:
        label = str(level["level"])
        step = more.get(label, {})
        fewest = min(first, _smaller(level)) if step else _smaller(level)
        yield row(label, level=level, step=step, fewest=fewest)
    if levels.line:
        (step,) = more.values()
        yield row(EACH_STEP, level={}, step=step, fewest=first)


def _smaller(level: Mapping[Any, Any]) -> int:
    return int(min(level["n_reference"], level["n_other"]))


def _row(
    pair: Pair,
    study: Study,
    name: str,
    practices: int | None,
    label: str,
    *,
    level: Mapping[Any, Any],
    step: Mapping[Any, Any],
    fewest: int,
) -> SubgroupRow:
    return SubgroupRow(
        outcome=study.plan.primary.name,
        compared=pair.compared,
        when=pair.when,
        by=name,
        level=label,
        against=str(step["against"]) if step else "",
        n_programme=int(level["n_other"]) if level else None,
        n_comparison=int(level["n_reference"]) if level else None,
        n_smaller=_smaller(level) if level else None,
        n_fewest=fewest,
        difference=known(level.get("estimate")),
        conf_low=known(level.get("conf_low")),
        conf_high=known(level.get("conf_high")),
        interaction=known(step.get("estimate")),
        interaction_low=known(step.get("conf_low")),
        interaction_high=known(step.get("conf_high")),
        df=known((step or level).get("df")),
        clusters=practices,
    )


def _multiplicity(rows: list[SubgroupRow]) -> Iterator[Note]:
    """How many interactions were looked at, and what chance alone does with so many."""
    count = sum(row.interaction is not None for row in rows)
    if not count:
        return
    chance = round(100 * (1 - _CONFIDENCE**count))
    columns = len({row.by for row in rows})
    looked = "1 interaction was" if count == 1 else f"{count} interactions were"
    yield Note(
        text=f"{looked} looked at, in {columns} characteristic{'s' if columns > 1 else ''} that "
        "the plan names. If the difference were the same for "
        f"everybody, about {chance} in 100 such studies would still show one or more whose "
        "interval does not include 0."
    )
