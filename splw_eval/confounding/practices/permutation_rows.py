"""Practices permuted, and compared by t, with and without covariates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.checks import finding, refuse
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Codes, Floats, level_label
from splw_eval.stats.few_clusters.summaries import PracticeSummaries, summarise_practices
from splw_eval.stats.few_clusters.two_stage import TwoStageTest, two_stage_test
from splw_eval.stats.resampling.permutation import MeansPermutation, permute_practice_means

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
PERMUTED, TWO_STAGE = "permutation of practices", "two-stage t test"
_FEW_DF = 4
_NO_WIDTH = 1e-8  # of the spread of the values: limits this near are one
_ROUNDING = 1e-12  # of the largest value: a difference below it is none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Practices:
    """Practices in the order of their codes.

    Attributes
    ----------
    other : ndarray of bool, shape (practices,)
        True in the other group than the reference.
    strata : ndarray of int, shape (practices,), or None
    """

    other: Flags
    strata: Codes | None

    @classmethod
    def of(cls, rows: PersonRows) -> Practices:
        """Group and stratum of each practice."""
        assert rows.cluster is not None
        assert rows.group is not None
        first = rows.cluster.first_rows()
        strata = None if rows.stratum is None else rows.stratum.codes[first]
        return cls(other=rows.group[first] == 1, strata=strata)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """What permuting and the t test came to.

    Attributes
    ----------
    table : DataFrame
    main : MeansPermutation
        With covariates and strata, where there are any.
    left : float
        Of a shift by one, after covariates were taken out.
    between : int
        Columns of covariates that vary between practices only.
    summaries : DataFrame
    notes : tuple of str
    """

    table: pd.DataFrame
    main: MeansPermutation
    left: float
    between: int
    summaries: pd.DataFrame
    notes: tuple[str, ...]


def compare(
    rows: PersonRows,
    practices: Practices,
    allocations: Flags | None,
    *,
    seed: int,
    draws: int,
    conf_level: float,
) -> Compared:
    """Permute practices, and compare them by t, with and without covariates and strata.

    Parameters
    ----------
    rows : PersonRows
    practices : Practices
    allocations : ndarray of bool, shape (allocations, practices), or None
    seed, draws, conf_level
        As in `permutation_test`.

    Returns
    -------
    Compared

    Raises
    ------
    ComparisonError
        Permuting can tell nothing.
    """
    import pandas as pd

    how = {"seed": seed, "draws": draws, "conf_level": conf_level}
    bare = summarise_practices(*_people(rows, adjusted=False), practices.other)
    adjusting = bool(rows.X.shape[1]) or practices.strata is not None
    made = bare
    if adjusting:
        made = summarise_practices(
            *_people(rows, adjusted=True), practices.other, strata=practices.strata
        )
    refuse(_nothing_left(made, bare, practices))
    notes: list[str] = []
    main = _permuted(made, practices, allocations, how, notes, within=True)
    tests = [("adjusted: " if adjusting else "", made, main)]
    if adjusting:
        plain = _permuted(bare, practices, allocations, how, notes, within=False)
        tests.append(("unadjusted: ", bare, plain))
    table: list[tuple[str, MeansPermutation | TwoStageTest]] = []
    for before, values, permuted in tests:
        strata = practices.strata if permuted is main else None
        t = _t_test(values, practices, strata, conf_level, notes)
        table.append((f"{before}{PERMUTED}", permuted))
        if t is not None:
            table.append((f"{before}{TWO_STAGE}", t))
    label = f"{rows.groups[1]} - {rows.groups[0]}"
    return Compared(
        table=pd.DataFrame([_row(label, name, one, rows.n, one is main) for name, one in table]),
        main=main,
        left=main.left,
        between=made.between,
        summaries=_by_practice(rows, practices, bare, made if adjusting else None),
        notes=tuple(dict.fromkeys(notes)),
    )


def _people(rows: PersonRows, *, adjusted: bool) -> tuple[Floats, Floats, Codes]:
    assert rows.outcome is not None
    assert rows.cluster is not None
    return rows.outcome, rows.X if adjusted else rows.X[:, :0], rows.cluster.codes


def _permuted(
    made: PracticeSummaries,
    practices: Practices,
    allocations: Flags | None,
    how: dict[str, Any],
    notes: list[str],
    *,
    within: bool,
) -> MeansPermutation:
    """The permutation; without limits, and with a note, where they have no width."""
    try:
        found = permute_practice_means(
            made.value,
            practices.other,
            allocations=allocations,
            strata=practices.strata,
            compare_within=within,
            shift=made.shift,
            **how,
        )
    except FitError as error:
        remedy = error.remedy or "Look at the covariates, and at the groups of each stratum."
        refuse([finding("SF12", error.message.rstrip("."), remedy)])
        raise
    if found.conf_high - found.conf_low > _NO_WIDTH * float(np.ptp(made.value)):
        return found
    notes.append(
        "Practices of a group do not differ beyond rounding: limits would have no width, so there "
        "are none, and the p-value says only that the groups stand apart."
    )
    return replace(found, conf_low=math.nan, conf_high=math.nan)


def _nothing_left(
    made: PracticeSummaries, bare: PracticeSummaries, practices: Practices
) -> Iterator[Finding]:
    """Covariates of practices that use up the practices, and means that are all the same."""
    strata = 1 if practices.strata is None else len(np.unique(practices.strata))
    df = len(made.value) - 1 - strata - made.between
    if made.between and df < 1:
        problem = (
            f"{len(made.value)} practices leave no degree of freedom: columns of covariates that "
            f"vary between practices only use up {made.between}"
        )
        yield finding("SF12", problem, "Adjust for fewer of them.")
    elif np.ptp(made.value) <= _ROUNDING * float(np.abs(bare.value).max()):
        problem = "means of practices do not differ beyond rounding"
        yield finding("SF12", problem, "Look at the outcome, and at the covariates.")


def _t_test(
    made: PracticeSummaries,
    practices: Practices,
    strata: Codes | None,
    conf_level: float,
    notes: list[str],
) -> TwoStageTest | None:
    """The t test; None, with a note, where it cannot be made."""
    between = made.between
    try:
        found = two_stage_test(
            made.value,
            practices.other,
            strata=strata,
            shift=made.shift,
            between=between,
            conf_level=conf_level,
        )
    except FitError as error:
        notes.append(f"There is no two-stage t test: {error.message}")
        return None
    if found.df < _FEW_DF:
        notes.append(
            f"A two-stage t test has fewer than {_FEW_DF} degrees of freedom ({found.df:g}): take "
            "its limits and p-value as rough."
        )
    return found


def _row(
    term: str, method: str, one: MeansPermutation | TwoStageTest, n: int, default: bool
) -> dict[str, Any]:
    """A row of the table; a permutation has no error and no degrees of freedom."""
    return {
        "term": term,
        "method": method,
        "default": default,
        "estimate": one.estimate,
        "std_error": one.std_error if isinstance(one, TwoStageTest) else math.nan,
        "df": one.df if isinstance(one, TwoStageTest) else math.nan,
        "statistic": one.statistic if isinstance(one, TwoStageTest) else math.nan,
        "p_value": one.p_value,
        "conf_low": one.conf_low,
        "conf_high": one.conf_high,
        "n": n,
    }


def _by_practice(
    rows: PersonRows, practices: Practices, bare: PracticeSummaries, made: PracticeSummaries | None
) -> pd.DataFrame:
    """One row for each practice."""
    import pandas as pd

    assert rows.cluster is not None
    table = {
        "practice": [level_label(level) for level in rows.cluster.levels],
        "group": [rows.groups[int(other)] for other in practices.other],
        "people": bare.size,
        "mean": bare.value,
    }
    if made is not None:
        table["mean_residual"] = made.value
    return pd.DataFrame(table)
