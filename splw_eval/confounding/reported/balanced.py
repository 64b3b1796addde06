"""How unlike two groups were at the start, before and after weighting, for the report."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.likeness.balance import balance
from splw_eval.confounding.likeness.weights import weights
from splw_eval.confounding.likeness.weights_record import Weights
from splw_eval.confounding.reported.asked import (
    REST,
    Asked,
    comparable,
    levels_of,
    unmeasured,
)
from splw_eval.confounding.reported.told import known, records_of, refused, result_of
from splw_eval.core.confounding_rows import BalanceRow, WeightRow
from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import GROUP, NOT_KNOWN

if TYPE_CHECKING:
    import pandas as pd

_LARGE_SHARE = 0.3
_TENTH = 10
_READING = (
    "A difference is that of the means (of shares, for a level) divided by the root of the mean of "
    "both groups' variances, programme less comparison. Those beyond what chance makes are no "
    "test: a small one still matters where the characteristic foretells the outcome.",
    "Told of everybody of whom every one of these is known, whether or not they were measured "
    "later. What was not measured is balanced by chance only.",
)
_CHANCE = (
    "What chance makes in 19 of 20 is the 95% range of t with practices less 2 degrees of freedom, "
    "times the standard error with the likeness of people of one practice in each characteristic. "
    "It is that of groups before weighting; with few practices it is wide."
)
_CHANCE_OF_PEOPLE = (
    "What chance makes in 19 of 20 is the 95% range of t with people less 2 degrees of freedom, "
    "times the standard error of independent people. It is that of groups before weighting."
)
_SOURCES = (
    "Austin 2009, Stat Med 28:3083",
    "Leyrat and others 2016, Stat Med 35:3717",
)
_WEIGHT_SOURCES = (
    "Li, Morgan & Zaslavsky 2018, J Am Stat Assoc 113:390",
    "Hainmueller 2012, Political Analysis 20:25",
)


def describe_balance(study: Study) -> Result[BalanceRow]:
    """Compare groups in what the plan adjusts for, before and after weighting.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of BalanceRow
        Of the score at the start and of every measured confounder. Without weights, where they
        cannot be made, differences after weighting are None and a note says why.
    """
    rows: list[BalanceRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        made, why = _weighted(asked)
        notes += [*why, *asked.notes]
        try:
            rows += _rows(asked, made)
        except FitError as error:
            notes += refused("The groups cannot be set side by side", error)
        else:
            notes.append(_CHANCE_OF_PEOPLE if asked.cluster is None else _CHANCE)
    if rows:
        notes += [*_READING, *_not_measured(study)]
    return result_of(
        "balance", "How alike the groups were", BalanceRow, rows, notes, _SOURCES, "SD"
    )


def describe_weighting(study: Study) -> Result[WeightRow]:
    """Say how many people each group is worth once weighted.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of WeightRow
    """
    rows: list[WeightRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        made, why = _weighted(asked)
        notes += why
        if made is not None:
            rows += _sizes(asked, made)
    if rows:
        notes.append(
            "A group counts as (sum of weights) squared / (sum of squared weights) people: the "
            "fewer, the more its answer leans on some. Weights are made of the characteristics "
            "alone, before outcomes are looked at."
        )
    return result_of(
        "weighting", "What weighting leaves", WeightRow, rows, notes, _WEIGHT_SOURCES, "people"
    )


def _weighted(asked: Asked) -> tuple[Weights | None, tuple[Note, ...]]:
    try:
        made = weights(
            _labelled(asked),
            group=GROUP,
            covariates=asked.covariates,
            target=asked.adjustment.target,
            method=asked.adjustment.method,
            reference=asked.pair.groups[0],
            cluster=asked.cluster,
        )
    except FitError as error:
        return None, refused("No weights", error)
    return made, ()


def _labelled(asked: Asked) -> pd.DataFrame:
    """The frame with the names of groups, so that targets are told in them."""
    return asked.frame.assign(**{GROUP: [asked.pair.groups[g] for g in asked.frame[GROUP]]})


def _rows(asked: Asked, made: Weights | None) -> Iterator[BalanceRow]:
    """Rows of one pair; a category has a column for each level, of two levels one."""
    frame = asked.frame[asked.frame[list(asked.covariates)].notna().all(axis=1)]
    columns: dict[str, tuple[str, str]] = {}
    added: dict[str, Any] = {}
    for name in asked.covariates:
        levels = levels_of(asked, name)
        for place, level in enumerate(_shown(levels)):
            columns[f"{name}_level_{place}"] = (name, level)
            added[f"{name}_level_{place}"] = (frame[name] == level).astype(float)
        if not levels:
            columns[name] = (name, "")
    found = balance(
        frame.assign(**added),
        group=GROUP,
        covariates=tuple(columns),
        cluster=asked.cluster,
        weights=None if made is None else made.weights.loc[frame.index],
        reference=0,
    )
    for row in records_of(found.table):
        name, level = columns[str(row["term"])]
        yield _row(asked, frame, name, level, row, found.practices)


def _shown(levels: tuple[str, ...]) -> tuple[str, ...]:
    """All levels; of two, the one that is named, as it tells the other."""
    if len(levels) != 2:  # noqa: PLR2004
        return levels
    return levels[:1] if levels[1] in (REST, NOT_KNOWN) else levels[1:]


def _row(
    asked: Asked,
    frame: pd.DataFrame,
    name: str,
    level: str,
    row: dict[str, Any],
    practices: int | None,
) -> BalanceRow:
    return BalanceRow(
        compared=asked.pair.compared,
        characteristic=asked.names[name],
        level=level,
        n=len(frame),
        n_fewest=_fewest(asked, frame, name),
        before=known(row["std_difference_before"]),
        after=known(row["std_difference_after"]),
        chance_limit=known(row["chance_limit"]),
        ratio_before=None if level else known(row["variance_ratio_before"]),
        ratio_after=None if level else known(row["variance_ratio_after"]),
        between_practices=known(row["practice_difference_before"]),
        clusters=practices,
    )


def _fewest(asked: Asked, frame: pd.DataFrame, name: str) -> int:
    """Fewest people of any level in either group; of a number, of either group."""
    levels = levels_of(asked, name)
    if not levels:
        return asked.fewest(frame)
    return min(
        int(((frame[name] == level) & (frame[GROUP] == group)).sum())
        for level in levels
        for group in (0, 1)
    )


def _sizes(asked: Asked, made: Weights) -> Iterator[WeightRow]:
    used = made.weights.notna()
    for place, row in enumerate(made.table.to_dict("records")):
        own = used & (asked.frame[GROUP] == place)
        w = np.sort(made.weights[own].to_numpy())[::-1]
        tenth = math.ceil(len(w) / _TENTH)
        yield WeightRow(
            compared=asked.pair.compared,
            population=made.target,
            method="entropy" if asked.adjustment.method == "entropy" else "propensity",
            group=asked.pair.groups[place],
            n=len(w),
            effective=math.floor(float(row["effective_size"]) + 0.5),
            heaviest=tenth,
            share_heaviest=100 * float(w[:tenth].sum() / w.sum()),
            one_practice=_leans(asked, made, own),
            clusters=None if asked.cluster is None else int(row["practices"]),
        )


def _leans(asked: Asked, made: Weights, own: Any) -> str | None:
    if asked.cluster is None:
        return None
    by_practice = made.weights[own].groupby(asked.frame.loc[own, asked.cluster]).sum()
    return "yes" if by_practice.max() / by_practice.sum() > _LARGE_SHARE else "no"


def _not_measured(study: Study) -> Iterator[str]:
    names = unmeasured(study.plan)
    if names:
        yield f"Named in the plan and not measured, so neither shown nor weighted: {_list(names)}."


def _list(names: tuple[str, ...]) -> str:
    return "; ".join(names)
