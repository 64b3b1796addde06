"""Changes in use of services compared between groups, with inference for few practices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.cost_rows import UseContrastRow
from splw_eval.core.errors import FitError
from splw_eval.core.plan import language_of
from splw_eval.core.result import Note, Result
from splw_eval.costs.use.fitted import HUNDRED, changes, fewest_behind, rate_of
from splw_eval.costs.use.grid import MONTH_ZERO, USES, UseGrid, grid_of
from splw_eval.data import Study
from splw_eval.describe.people_frame import GROUP, PERSON, PRACTICE, STRATUM, Pair, pairs_of
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.resampling.permutation import permute_practice_means
from splw_eval.stats.tails import t_critical, t_p_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BY_MODEL = "Difference in changes"
BY_PEOPLE = "Difference in changes, people as independent"
BY_PERMUTATION = "The same, practices permuted"
ONE_GROUP = (
    "There is one group, so there is nobody to compare with. Use that was high when people were "
    "found falls back by itself, and how much of the change that is cannot be told."
)
_SAME = (
    "The change of the comparison group is taken for what would have come about without the "
    "programme. That holds only if use of both groups would have moved alike: see whether the "
    "curves ran side by side before time zero."
)
_NOT_ALIKE = (
    "Chance did not make the groups alike, and no characteristics are allowed for here. Where "
    "people of one group were found at a higher point than those of the other, more of their use "
    "falls back by itself."
)
_ERRORS = (
    "Practices, not people, are what the interval rests on: CR2 errors with Satterthwaite's "
    "degrees of freedom. The permutation gives practices to the groups in every way that could "
    "have been, each with its number of people as weight; where chance did not allocate practices "
    "it takes them as exchangeable."
)
_MANY = (
    "Several kinds of use are compared, and none is adjusted for their number: of twenty 95% "
    "intervals one is expected to miss by chance alone."
)
_ONE_PRACTICE = (
    "One of the groups has people of one practice only: what is due to the practice and what is "
    "due to the group cannot be told apart."
)
_NOBODY = "Of one of the groups nobody is known both before and after."
SOURCES = (
    "Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672",
    "Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """What each person of two groups adds to the change of their group."""

    values: Floats
    group: Ints
    practice: Ints | None
    stratum: Ints | None
    fewest: int
    seed: int


def describe_use_contrast(study: Study) -> Result[UseContrastRow]:
    """Compare changes in use of services between groups.

    Parameters
    ----------
    study : Study
        With a table of service use, and dates of time zero.

    Returns
    -------
    Result of UseContrastRow
        Difference in differences, by errors for few practices and by permuting practices.
    """
    grid, notes, rows = grid_of(study), [], []
    for pair in pairs_of(study):
        for use in grid.values:
            found = _gathered(study, grid, use, pair)
            if isinstance(found, str):
                notes.append(Note(text=found))
            else:
                rows += list(_compared(pair, use, found))
    if not study.plan.arms:
        notes.append(Note(text=ONE_GROUP))
    if rows:
        alike = () if language_of(study.plan).causal else (_NOT_ALIKE,)
        said = (_SAME, *alike, _ERRORS, *((_MANY,) if len(grid.values) > 1 else ()))
        notes += [*(Note(text=text) for text in said), Note(text=MONTH_ZERO), *grid.notes]
    return Result(
        key="service_use_contrast",
        title="Changes in use of services compared",
        unit="events per 100 people a month",
        row_type=UseContrastRow,
        rows=tuple(rows),
        notes=tuple({note.text: note for note in notes}.values()),
        sources=SOURCES if rows else (),
    )


def _gathered(study: Study, grid: UseGrid, use: str, pair: Pair) -> _Rows | str:
    rules, person = study.plan.service_use, pair.frame[PERSON].to_numpy()
    before, known = grid.between(use, -rules.months_before, -1)
    after, later = grid.between(use, 1, rules.months_after)
    both = (known[person] > 0) & (later[person] > 0)
    frame = pair.frame[both]
    where, group = frame[PERSON].to_numpy(), frame[GROUP].to_numpy()
    values = np.empty(len(where))
    for code in (0, 1):
        own = where[group == code]
        if not len(own):
            return _NOBODY
        first, then = rate_of(before[own], known[own]), rate_of(after[own], later[own])
        values[group == code] = HUNDRED * changes(first, then)
    practice = frame[PRACTICE].to_numpy() if PRACTICE in frame else None
    if practice is not None and _one_practice(practice, group):
        return _ONE_PRACTICE
    users = [of[where[group == code]] for of in (before, after) for code in (0, 1)]
    return _Rows(
        values=values,
        group=group,
        practice=practice,
        stratum=frame[STRATUM].to_numpy() if STRATUM in frame else None,
        fewest=fewest_behind(users, int(np.bincount(group, minlength=2).min())),
        seed=study.plan.seed,
    )


def _one_practice(practice: Ints, group: Ints) -> bool:
    held = [set(practice[group == code].tolist()) for code in (0, 1)]
    return any(len(own) == 1 and not own & other for own, other in (held, held[::-1]))


def _compared(pair: Pair, use: str, rows: _Rows) -> Iterator[UseContrastRow]:
    common: dict[str, Any] = {
        "compared": pair.compared,
        "what": USES[use],
        "n": len(rows.values),
        "n_smaller": int(np.bincount(rows.group, minlength=2).min()),
        "n_fewest": rows.fewest,
        "clusters": None if rows.practice is None else len(np.unique(rows.practice)),
    }
    yield UseContrastRow(**common, **_modelled(rows))
    varies = float(np.ptp(rows.values)) > 0
    if varies and rows.practice is not None and not _shared(rows.practice, rows.group):
        permuted = _permuted(rows)
        if permuted:
            yield UseContrastRow(**common, **permuted)


def _shared(practice: Ints, group: Ints) -> bool:
    """Whether some practice has people of both groups."""
    pairs = np.unique(np.column_stack((practice, group)), axis=0)
    return len(pairs) > len(np.unique(practice))


def _modelled(rows: _Rows) -> dict[str, Any]:
    design = np.column_stack((np.ones(len(rows.group)), rows.group))
    alone = rows.practice is None
    units = np.arange(len(rows.group)) if rows.practice is None else rows.practice
    try:
        found = fit_clusters(rows.values, design, units).contrast((0.0, 1.0))
    except FitError:
        found = None
    named = BY_PEOPLE if alone else BY_MODEL
    if found is None or not np.isfinite(found.std_error) or not found.df > 0:
        gap = float(rows.values[rows.group == 1].mean() - rows.values[rows.group == 0].mean())
        return _of(named, gap)
    half = t_critical(found.df, 0.95) * found.std_error
    return _of(
        named,
        found.estimate,
        found.estimate - half,
        found.estimate + half,
        t_p_value(found.estimate / found.std_error, found.df),
        found.df,
    )


def _of(
    method: str,
    estimate: float,
    low: float | None = None,
    high: float | None = None,
    p: float | None = None,
    df: float | None = None,
) -> dict[str, Any]:
    limits = (None if end is None or not np.isfinite(end) else end for end in (low, high))
    low, high = limits
    names = ("method", "estimate", "conf_low", "conf_high", "p_value", "df")
    return dict(zip(names, (method, estimate, low, high, p, df), strict=True))


def _permuted(rows: _Rows) -> dict[str, Any] | None:
    assert rows.practice is not None
    _, first, codes = np.unique(rows.practice, return_index=True, return_inverse=True)
    people = np.bincount(codes)
    means = np.bincount(codes, weights=rows.values) / people
    strata = None if rows.stratum is None else rows.stratum[first]
    try:
        found = permute_practice_means(
            means,
            rows.group[first] == 1,
            weights=people,
            strata=strata,
            compare_within=False,
            seed=rows.seed,
        )
    except FitError:
        return None
    return _of(BY_PERMUTATION, found.estimate, found.conf_low, found.conf_high, found.p_value)
