"""One group against another: the difference with each method's test, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.retention.columns import TimeRows
from splw_eval.retention.plain_text import level_text
from splw_eval.stats.survival.day_counts import DayCounts, count_days
from splw_eval.stats.survival.logrank import log_rank
from splw_eval.stats.survival.oe_test import LogOeTest, log_oe_test
from splw_eval.stats.survival.practice_permutation import PracticePermutation, permute_practices
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost
from splw_eval.stats.tails import t_critical, t_p_value

if TYPE_CHECKING:
    from collections.abc import Mapping

Codes = NDArray[np.int64]
PERMUTATION = "studentised permutation of practices"
SATTERTHWAITE = "t, Satterthwaite df"
LOG_OE = "t test of log(O/E) by practice"
LOG_RANK = "log-rank (ignores practices)"
INDEPENDENT = "normal, people independent"

_FEW_ALLOCATIONS = 20
_EXCHANGEABLE = (
    "Practices are taken as exchangeable but for their group. Where chance did not allocate "
    "them, that is an assumption."
)
_RANK = "log-rank ignores practices and is shown for comparison with other reports only."
_WITH_PRACTICES = (
    "log(O/E) and log-rank look at the whole follow-up, the difference up to the horizon; " + _RANK
)
_BY_PEOPLE = "log-rank looks at the whole follow-up, the difference up to the horizon."


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One contrast.

    Attributes
    ----------
    term : str
    rows : tuple of dict
    notes : tuple of str
        Of this contrast.
    shared : tuple of str
        Notes that hold for every contrast.
    default, method : str
    practices : tuple of int, or None
        Of the first group and of the second.
    exact : bool or None
    allocations : int or None
    smallest_p_value : float or None
    """

    term: str
    rows: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    shared: tuple[str, ...]
    default: str
    method: str
    practices: tuple[int, int] | None = None
    exact: bool | None = None
    allocations: int | None = None
    smallest_p_value: float | None = None


def compare_two(
    rows: TimeRows,
    pair: tuple[int, int],
    *,
    horizon: float,
    cause: int | None,
    allocations: Any,
    seed: int,
    draws: int,
    conf_level: float,
) -> Comparison:
    """Compare the second group of a pair with the first.

    Parameters
    ----------
    rows : TimeRows
    pair : tuple of int
        Places of the two groups.
    horizon : float
    cause : int or None
        Code of the cause.
    allocations : ndarray of bool, shape (allocations, practices), or None
    seed, draws, conf_level
        As in `compare_retention`.

    Returns
    -------
    Comparison
    """
    assert rows.group is not None
    names = rows.group.names
    contrast = f"{names[pair[1]]} - {names[pair[0]]}"
    arms = _Arms(rows, pair, cause)
    if rows.cluster is None:
        return _by_people(arms, contrast, horizon, conf_level)
    permuted = permute_practices(
        arms.up_to(int(horizon)),
        int(horizon),
        cause=arms.column or None,
        allocations=allocations,
        seed=seed,
        draws=draws,
        conf_level=conf_level,
    )
    oe = log_oe_test(arms.leavings(), cause=arms.column or None, conf_level=conf_level)
    given = allocations is not None
    return Comparison(
        term=contrast,
        rows=tuple(_practice_rows(arms, contrast, permuted, oe)),
        notes=tuple(_practice_notes(arms, permuted, oe, conf_level, given=given)),
        shared=(_EXCHANGEABLE, *_of_cause(arms, "log(O/E) and log-rank compare"), _WITH_PRACTICES),
        default=PERMUTATION,
        method=f"{PERMUTATION}, {level_text(conf_level)} limits of the first row: the "
        "difference -/+ its error times the quantile of the permuted statistics; "
        f"{permuted.difference.method}",
        practices=permuted.difference.practices,
        exact=permuted.exact,
        allocations=permuted.allocations,
        smallest_p_value=permuted.smallest_p_value,
    )


class _Arms:
    """Two groups as counts."""

    def __init__(self, rows: TimeRows, pair: tuple[int, int], cause: int | None) -> None:
        assert rows.group is not None
        self.rows, self.cause = rows, cause
        self.kept = [np.flatnonzero(rows.group.codes == place) for place in pair]
        self.codes = np.array(list(rows.causes), dtype=np.int64)
        self.column = 0 if cause is None else int(np.searchsorted(self.codes, cause)) + 1
        both = np.concatenate(self.kept)
        self.times, position = np.unique(rows.time[both], return_inverse=True)
        self.positions = np.split(position, [self.kept[0].size])
        self.n = both.size

    def up_to(self, horizon: int) -> tuple[DayCounts, DayCounts]:
        """Counts by day and cause; those who stay beyond the horizon are last seen on it."""
        time = np.minimum(self.rows.time, horizon).astype(np.int64)
        event = np.where(self.rows.time < horizon, self.rows.event, 0)
        place = np.searchsorted(np.append(0, self.codes), event).astype(np.int64)
        first, second = (
            self._counts(time[kept], place[kept], kept, horizon, len(self.codes))
            for kept in self.kept
        )
        return first, second

    def leavings(self) -> tuple[DayCounts, DayCounts]:
        """Counts on the days that occur, over the whole follow-up, by cause."""
        place = np.searchsorted(np.append(0, self.codes), self.rows.event).astype(np.int64)
        last = len(self.times) - 1
        first, second = (
            self._counts(position, place[kept], kept, last, len(self.codes))
            for position, kept in zip(self.positions, self.kept, strict=True)
        )
        return first, second

    def _counts(self, day: Codes, cause: Codes, kept: Codes, last: int, causes: int) -> DayCounts:
        cluster = self.rows.cluster
        practice = None if cluster is None else cluster.codes
        padded = None if practice is None else practice[kept]
        return count_days(day, cause, cluster=padded, causes=causes, last_day=last)


def _row(term: str, method: str, n: int, **values: float) -> dict[str, Any]:
    """A row in the house's columns, missing where nothing is given."""
    names = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    told = {name: values.get(name, math.nan) for name in names}
    default = method in (PERMUTATION, INDEPENDENT)
    return {"term": term, "method": method, "default": default, **told, "n": n}


def _by_people(arms: _Arms, contrast: str, horizon: float, conf_level: float) -> Comparison:
    mean = restricted_mean if arms.cause is None else time_lost
    at = max(arms.column - 1, 0)
    # The horizon needs a time from which nothing is looked at any more.
    found = [mean(counts, horizon, times=arms.times) for counts in arms.leavings()]
    estimate = float(found[1].estimate[at] - found[0].estimate[at])
    error = math.hypot(*(float(one.std_error[at]) for one in found))
    reach = t_critical(math.inf, conf_level) * error
    statistic = estimate / error if error > 0 else math.nan
    row = _row(
        contrast,
        INDEPENDENT,
        arms.n,
        estimate=estimate,
        std_error=error,
        df=math.inf,
        statistic=statistic,
        p_value=t_p_value(statistic, math.inf) if error > 0 else math.nan,
        conf_low=estimate - reach,
        conf_high=estimate + reach,
    )
    note = (
        "No practices were given, so people are taken as independent. Where practices were "
        "allocated, or differ, these errors are too small: give cluster=."
    )
    return Comparison(
        term=contrast,
        rows=(row, _log_rank_row(arms, contrast)),
        notes=(f"{arms.n:,} people or episodes.",),
        shared=(note, *_of_cause(arms, "log-rank compares"), _BY_PEOPLE),
        default=INDEPENDENT,
        method="difference of restricted means; errors of independent people, normal "
        f"{level_text(conf_level)} limits",
    )


def _practice_rows(
    arms: _Arms, contrast: str, permuted: PracticePermutation, oe: LogOeTest
) -> Iterator[dict[str, Any]]:
    seen = permuted.difference
    same = {"estimate": seen.estimate, "std_error": seen.std_error, "statistic": seen.statistic}
    limits = {"conf_low": permuted.conf_low, "conf_high": permuted.conf_high}
    yield _row(contrast, PERMUTATION, arms.n, p_value=permuted.p_value, **same, **limits)
    limits = {"conf_low": seen.conf_low, "conf_high": seen.conf_high}
    yield _row(contrast, SATTERTHWAITE, arms.n, df=seen.df, p_value=seen.p_value, **same, **limits)
    reach = t_critical(oe.df, oe.conf_level) * oe.std_error
    yield _row(
        contrast,
        LOG_OE,
        arms.n,
        estimate=oe.log_ratio,
        std_error=oe.std_error,
        df=oe.df,
        statistic=oe.statistic,
        p_value=oe.p_value,
        conf_low=oe.log_ratio - reach,
        conf_high=oe.log_ratio + reach,
    )
    yield _log_rank_row(arms, contrast)


def _log_rank_row(arms: _Arms, contrast: str) -> dict[str, Any]:
    test = log_rank(arms.leavings(), cause=arms.column or None)
    values = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
    return _row(contrast, LOG_RANK, arms.n, **values)


def _practice_notes(
    arms: _Arms, permuted: PracticePermutation, oe: LogOeTest, conf_level: float, *, given: bool
) -> Iterator[str]:
    first, second = permuted.difference.practices
    yield f"{arms.n:,} people or episodes of {first} and {second} practices."
    how = "exact: all" if permuted.exact else f"drawn with seed {permuted.seed}:"
    how += " those given," if given else ""
    one = permuted.allocations == 1
    count = f"{permuted.allocations:,} {'allocation' if one else 'allocations'}"
    yield (
        f"The default is the permutation of practices ({how} {count}); the "
        f"smallest p-value it can give is {permuted.smallest_p_value:.2g}."
    )
    if permuted.smallest_p_value > 1 - conf_level:
        few = "allocations given" if given else "practices" if permuted.exact else "draws"
        yield f"With so few {few} no difference, however large, could be told by this test."
    if permuted.allocations < _FEW_ALLOCATIONS:
        yield (
            f"Only {count}: with fewer than 20 no p-value of 0.05 or below can come out, and here "
            f"none below {permuted.smallest_p_value:.2g}."
        )
    if permuted.carried_on:
        yield (
            f"In {permuted.carried_on:,} allocations nobody of an arm was followed to the horizon; "
            "its curve was carried on there as it stood."
        )
    yield (
        f"log(O/E): a ratio of {oe.ratio:.3g} ({level_text(conf_level)} limits {oe.conf_low:.3g} "
        f"to {oe.conf_high:.3g}) of leavings to those expected, practices weighing alike"
        + (
            f"; {oe.continuity:g} was added to each, as a practice has no leaving."
            if oe.continuity
            else "."
        )
    )


def _of_cause(arms: _Arms, compared: str) -> Iterator[str]:
    """What each method asks where days lost to one cause are compared."""
    if arms.cause is not None:
        yield (
            f"With cause=, {compared} the cause-specific hazard, with other causes censored; the "
            "default row compares the time lost to the cause, which also hangs on how soon people "
            "leave for other causes."
        )
