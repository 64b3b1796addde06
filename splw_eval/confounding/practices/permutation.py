"""Two groups compared by permuting practices, beside a t test of one number for each practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.dependence import check_columns, check_constant, check_varies
from splw_eval.confounding.basis.regressions import UNNAMED, practice_notes, too_few_practices
from splw_eval.confounding.basis.roles import check_measured_after
from splw_eval.confounding.checks import TELLER, check_level, check_whole, finding, refuse, where
from splw_eval.confounding.practices.permutation_record import PermutationTest
from splw_eval.confounding.practices.permutation_rows import Compared, Practices, compare
from splw_eval.core.findings import Finding
from splw_eval.models.person_faults import no_frame
from splw_eval.models.person_rows import PersonRows, read_person_rows
from splw_eval.models.practice_allocations import read_practice_allocations

if TYPE_CHECKING:
    import pandas as pd

_UNLIKE = 1.5  # how far the mean of 1 / people may differ by group before it is told
_LEAST = 3  # practices; two have one allocation and its mirror
_ALLOWED_FOR = 0.02  # of a difference that covariates and groups share, before it is told
_UNSAID = (
    "It was not said whether chance allocated the practices (randomised=), so it is taken that it "
    "did not:"
)
_NOT_BY_CHANCE = "Chance did not allocate the practices:"
_EXCHANGEABLE = (
    "this is a permutation test under exchangeability, which takes them as exchangeable but for "
    "their group, given what was adjusted for. That is an assumption, and the difference is no "
    "effect by itself."
)


def permutation_test(  # noqa: PLR0913 - each is a choice that a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    cluster: str,
    covariates: Sequence[str] | str = (),
    stratum: str | None = None,
    allocations: Any = None,
    randomised: bool | None = None,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    seed: int = 1,
    draws: int = 9_999,
    conf_level: float = 0.95,
) -> PermutationTest:
    """Compare two groups of practices by permuting practices between them.

    Parameters
    ----------
    frame : DataFrame
        One row for each person. Rows without an outcome or a covariate are left out and counted.
    outcome : str
        Column of numbers.
    group, cluster : str
        Columns of the two groups, and of practices, each in one group.
    covariates : sequence of str, or str
        What people and practices were like before the start: columns, ``C(name)`` for numbers
        that stand for categories, or a formula as in `fit_mixed_model`. They are taken out of
        the outcome by least squares without the group; practices are compared in the means of
        what is left.
    stratum : str, optional
        Column of strata of practices: practices change groups within them only (unless
        `allocations` says more), and they stand in the model.
    allocations : array_like of bool, or DataFrame, optional
        Allocations that could have been, one row each, practices in columns in their order
        (or by name): True where a practice stands in the other group than the reference. By
        default all with as many practices in each group, within strata.
    randomised : bool, optional
        Whether chance allocated the practices, by one of these allocations; a note says so
        where it is left open.
    reference : object, optional
        The group to be compared with; by default the first in order, and a note says so.
    measured_after : sequence of str
        Columns known to have been measured after the start; a covariate among them is refused.
    seed, draws : int
        Of the allocations drawn where there are more than 20,000.
    conf_level : float

    Returns
    -------
    PermutationTest
        The default is the permutation, exact where all allocations are gone through; beside it
        stands the two-stage t test, and both without covariates and strata.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used, or permuting can tell nothing: every reason, with
        its column, its rows and its remedy.

    Sources
    -------
    Gail and others 1996, Stat Med 15:1069; Hayes & Moulton 2017, Cluster Randomised Trials, 2nd
    ed., chapters 10 to 12.
    """
    there = None if any(no_frame(frame, TELLER)) else frame
    asked: Any = covariates  # what is no list of names is told with the columns
    listed = isinstance(asked, Iterable) and all(isinstance(name, str) for name in asked)
    named = asked if listed else ()
    options = [
        *check_level(conf_level),
        *check_whole("seed", seed, least=0, for_example=1),
        *check_whole("draws", draws, least=1, for_example=9_999),
        *check_measured_after(named, measured_after, there, group=group, stratum=stratum),
        *_no_word(randomised, outcome=outcome, group=group, cluster=cluster),
    ]
    rows = read_person_rows(
        frame,
        TELLER,
        "SF",
        outcome=outcome,
        group=group,
        reference=reference,
        covariates=covariates,
        cluster=cluster,
        stratum=stratum or "",
        practices_in_one_group=True,
        more=options,
    )
    refuse(
        [
            *too_few_practices(rows, cluster, _LEAST),
            *_torn(rows, stratum or ""),
            *check_varies(rows.numbers[outcome], outcome),
            *(list(check_constant(frame, rows, covariates)) or check_columns(rows, {})),
        ]
    )
    practices = Practices.of(rows)
    given = None
    if allocations is not None:
        assert rows.cluster is not None
        levels = rows.cluster.levels
        given = read_practice_allocations(allocations, levels, practices.other, TELLER, "SF11")
    found = compare(rows, practices, given, seed=seed, draws=draws, conf_level=conf_level)
    notes = [*_notes(rows, practices, found, randomised), *found.notes]
    if reference is None:
        notes.append(UNNAMED)
    return _record(rows, practices, found, (outcome, randomised), notes)


def _no_word(randomised: Any, **columns: Any) -> Iterator[Finding]:
    if randomised is not None and not isinstance(randomised, bool | np.bool_):
        yield finding("SF01", "randomised= is neither True nor False", "Give one of them.")
    example = {"outcome": "score", "group": "arm", "cluster": "practice"}
    for name, given in columns.items():
        if not isinstance(given, str) or not given:
            remedy = f'Write for example {name}="{example[name]}".'
            yield finding("SF01", f"{name}= names no column", remedy)


def _torn(rows: PersonRows, stratum: str) -> Iterator[Finding]:
    """Practices with people of several strata."""
    if rows.stratum is None or rows.cluster is None:
        return
    first = rows.stratum.codes[rows.cluster.first_rows()]
    wrong = first[rows.cluster.codes] != rows.stratum.codes
    several = np.zeros(rows.cluster.count, dtype=bool)
    several[rows.cluster.codes[wrong]] = True
    count = int(several.sum())
    marked = np.zeros(rows.of_rows, dtype=bool)
    marked[rows.rows] = several[rows.cluster.codes]
    some = "1 practice has" if count == 1 else f"{count} practices have"
    problem = f"{some} people of several strata"
    yield from where("SF13", marked, problem, "Give each practice one stratum.", column=stratum)


def _notes(
    rows: PersonRows, practices: Practices, found: Compared, randomised: bool | None
) -> Iterator[str]:
    level = f"{100 * found.main.conf_level:.6g}%"
    if not randomised:
        yield f"{_UNSAID if randomised is None else _NOT_BY_CHANCE} {_EXCHANGEABLE}"
        yield from _unlike_sizes(rows, practices)
    smallest = found.main.smallest_p_value
    if smallest > 1 - found.main.conf_level:
        yield (
            f"The smallest p-value that {found.main.allocations:,} allocations can give is "
            f"{smallest:.3g}: at {level} no difference, however large, could be told, and the "
            "interval has no limits."
        )
    yield from rows.notes()
    yield "Each practice counts the same, however many people it has."
    lost = 1 - found.left
    if abs(lost) > _ALLOWED_FOR:
        yield (
            f"Covariates and group go together: {100 * lost:.0f}% of a difference between the "
            "groups is lost with the covariates, and estimate and limits are scaled to allow for "
            "that. The p-value is not touched by it."
        )
    if practices.strata is not None:
        alone = sum(
            len(set(practices.other[practices.strata == one])) == 1
            for one in np.unique(practices.strata)
        )
        if alone:
            some = "1 stratum has" if alone == 1 else f"{alone} strata have"
            yield f"{some} practices of one group only, which tell nothing of the difference."
    if found.between:
        some = "1 covariate varies" if found.between == 1 else f"{found.between} covariates vary"
        yield f"{some} between practices only, at a degree of freedom each in the t test."
    yield from practice_notes(rows)


def _unlike_sizes(rows: PersonRows, practices: Practices) -> Iterator[str]:
    """Small practices in one group: their means vary more, so they are not exchangeable."""
    assert rows.cluster is not None
    size = np.bincount(rows.cluster.codes)
    groups = [size[practices.other == other] for other in (False, True)]
    by_chance = [float((1 / people).mean()) for people in groups]
    if max(by_chance) < _UNLIKE * min(by_chance):
        return
    said = [
        f'"{label}" {len(people)} of {people.min()} to {people.max()} people'
        for label, people in zip(rows.groups, groups, strict=True)
    ]
    small = int(by_chance[1] > by_chance[0])
    fewer = len(groups[small]) <= len(groups[1 - small])
    which = "smaller" if fewer else "larger"
    then = "too small and limits too narrow" if fewer else "too large and limits too wide"
    yield (
        f"Sizes of practices differ by group: {' and '.join(said)}. Means of small practices vary "
        f"more, so practices are not exchangeable; where those of the {which} group are small, "
        f"p-values are {then}. Look at "
        "fit_clustered beside it, which allows for that."
    )


def _adjusted(rows: PersonRows) -> str:
    """What was done about covariates and strata."""
    said = ""
    if rows.X.shape[1]:
        terms = ", ".join(dict.fromkeys(rows.covariate_of))
        said += f"; {terms} taken out of the outcome by least squares of people without the group"
    if rows.stratum is not None:
        said += "; strata in the model"
    return said


def _record(
    rows: PersonRows,
    practices: Practices,
    found: Compared,
    asked: tuple[str, bool | None],
    notes: Sequence[str],
) -> PermutationTest:
    outcome, randomised = asked
    assert rows.cluster is not None
    kind = "randomisation test" if randomised else "permutation test under exchangeability"
    main = found.main
    counts = (int((~practices.other).sum()), int(practices.other.sum()))
    return PermutationTest(
        table=found.table,
        groups=(rows.groups[0], rows.groups[1]),
        estimate=main.estimate,
        p_value=main.p_value,
        conf_low=main.conf_low,
        conf_high=main.conf_high,
        left=found.left,
        smallest_p_value=main.smallest_p_value,
        allocations=main.allocations,
        exact=main.exact,
        seed=main.seed,
        randomised=None if randomised is None else bool(randomised),
        practices=counts,
        summaries=found.summaries,
        n=rows.n,
        outcome=outcome,
        method=f"{kind}: {main.method}{_adjusted(rows)}",
        notes=tuple(notes),
        conf_level=main.conf_level,
    )
