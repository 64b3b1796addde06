"""What somebody can reckon from masked tables of a fair comparison: bounds narrowed by all sums."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from splw_eval.appraisal import hide_alike, hide_pooled, mask
from splw_eval.appraisal.digits import told_coarsely, told_outwards
from splw_eval.appraisal.disclosure import PROFILES, Profile, possible_counts
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.evaluate.questions import QUESTIONS
from splw_eval.stats.tails import t_critical
from tests.unit.retention.reckoning import MANY, Name, Reckoning, Sum

OLD = ("flow", "patterns", "model_people", "change", "contrasts", "scores")
NEW = (
    "adjusted", "balance", "weighting", "differences", "engagement", "dose_response", "subgroups",
    "sensitivity", "tipping", "observed_weights", "loss_practices", "loss_predictors", "e_values",
    "practice_tests",
)  # fmt: skip
COMPLETE, AT_RANDOM, BY_OFFER = "Complete cases", "MAR", "Everybody as allocated"
Results = Mapping[str, Result[Any]]


def asked(study: Study, keys: tuple[str, ...] = (*OLD, *NEW)) -> tuple[Results, Results]:
    """Give results as they are, and masked as a report has them."""
    exact = {q.key: q.ask(study) for q in QUESTIONS if q.key in keys}
    masked = {key: mask(held, study.plan) for key, held in exact.items()}
    return exact, hide_alike(hide_pooled(masked, study.plan.waves[0].name))


class FairReckoning(Reckoning):
    """Bounds on every count, of tables old and new, by what adds up and by what figures tell.

    It is told which hidden counts are the small ones, so it knows more than a reader can.
    """

    def __init__(self, exact: Results, shown: Results, profile: str, *, old: bool = False) -> None:
        self.by_change = not exact["engagement"].rows  # chance formed no groups
        self.bounds: dict[Name, list[int]] = {}
        self.small: dict[Name, int] = {}
        self.profile: Profile = PROFILES[profile]
        self.shown = {key: held for key, held in shown.items() if key in OLD or not old}
        self.truth: dict[Name, int] = {}
        for key, result in self.shown.items():
            names = [n for n, c in columns_of(result.row_type).items() if c.role is Role.COUNT]
            for (i, row), before in zip(enumerate(result.rows), exact[key].rows, strict=True):
                for name in names:
                    self._take((key, i, name), getattr(row, name), getattr(before, name))

    def _take(self, cell: Name, seen: int | None, was: int | None) -> None:
        few = self.profile.largest_suppressed
        if was is not None:
            self.truth[cell] = was
        if seen is not None:
            self.bounds[cell] = [*possible_counts(seen, self.profile)]
        elif was is not None and 1 <= was <= few:
            self.bounds[cell] = [1, few]
            self.small[cell] = was
        else:
            self.bounds[cell] = [0, MANY]

    def pinned(self) -> dict[Name, int]:
        """Shown counts that only one number can be: exact although they were rounded."""
        told = ((c, n) for c, n in self.truth.items() if n and self.shown_count(c) is not None)
        return {c: n for c, n in told if self.bounds[c][0] == self.bounds[c][1]}

    def shown_count(self, cell: Any) -> int | None:
        """What a table shows of a count."""
        key, i, name = cell
        value: int | None = getattr(self.shown[key].rows[i], name)
        return value

    def told(self) -> dict[Name, int]:
        """Small counts that only one number can be, figures used until nothing moves."""
        found = super().told()
        while any([self._slopes(), self._ratios()]):
            found = super().told()
        return found

    # What adds up.

    def _rows(self, key: str, **where: Any) -> list[tuple[int, Any]]:
        return super()._rows(key, **where) if key in self.shown else []

    def _less(self) -> Iterator[tuple[Name, Name]]:
        for i, row in self._rows("subgroups"):
            if row.n_programme is not None:
                yield ("subgroups", i, "n_smaller"), ("subgroups", i, "n_programme")
                yield ("subgroups", i, "n_smaller"), ("subgroups", i, "n_comparison")
        for i, _ in self._rows("weighting"):
            yield ("weighting", i, "effective"), ("weighting", i, "n")
        for i, row in self._rows("engagement"):
            for name in ("offered", "received") if "per protocol" not in row.method else ():
                yield ("engagement", i, name), ("engagement", i, "n")

    def _sums(self) -> Iterator[Sum]:
        for key in ("flow", "loss_practices"):
            for i, _ in self._rows(key):
                yield (key, i, "expected"), ((key, i, "measured"), (key, i, "missing"))
        for i, _ in self._rows("flow"):
            yield ("flow", i, "enrolled"), (("flow", i, "expected"), ("flow", i, "not_yet_due"))
        yield from self._same()
        yield from self._both_groups()
        for i, _ in self._rows("engagement"):
            parts = (("engagement", i, "received"), ("engagement", i, "not_received"))
            yield ("engagement", i, "offered"), parts
        yield from self._dose()
        yield from self._subgroups()
        yield from self._lost()

    def _same(self) -> Iterator[Sum]:
        """Counts of the same people in two tables."""
        for i, row in self._rows("flow"):
            for j, _ in self._rows("loss_practices", arm=row.arm, wave=row.wave):
                for name in ("expected", "measured", "missing"):
                    yield ("flow", i, name), (("loss_practices", j, name),)
        for i, row in self._rows("change"):
            for j, _ in self._rows("model_people", arm=row.arm, outcome=row.outcome):
                if len(self._rows("change", arm=row.arm, outcome=row.outcome)) == 1:
                    yield ("change", i, "n"), (("model_people", j, "n_both"),)
        for i, row in self._rows("model_people"):
            own = tuple(("model_people", i, n) for n in ("n_both", "n_start", "n_later", "n_none"))
            yield ("model_people", i, "people"), own
            flow = self._rows("flow", arm=row.arm, outcome=row.outcome)
            yield from (
                (("model_people", i, "people"), (("flow", j, "enrolled"),)) for j, _ in flow
            )
            same = self._rows("patterns", arm=row.arm, outcome=row.outcome)
            if same:
                parts = tuple(("patterns", j, "people") for j, _ in same)
                yield ("model_people", i, "people"), parts

    def _last(self) -> tuple[list[int], list[int]]:
        """Rows of change and of flow at the last wave, one for each arm."""
        last = max((row.month for _, row in self._rows("flow")), default=0)
        change = [i for i, _ in self._rows("change", month=last)]
        return change, [i for i, _ in self._rows("flow", month=last)]

    def _both_groups(self) -> Iterator[Sum]:
        """Totals of both groups, and the group of the programme."""
        change, flow = self._last()
        both = tuple(("change", i, "n") for i in change)
        if len(both) == 2:
            for i, _ in self._rows("sensitivity", strategy=COMPLETE):
                yield ("sensitivity", i, "n"), both
            for i, row in self._rows("engagement"):
                if row.method.startswith(BY_OFFER):
                    yield ("engagement", i, "n"), both
                yield ("engagement", i, "offered"), (self._programme(change),)
        for i, row in self._rows("sensitivity"):
            if row.imputations is not None:
                yield ("sensitivity", i, "n"), tuple(("flow", j, "expected") for j in flow)
                yield ("sensitivity", i, "filled_in"), tuple(("flow", j, "missing") for j in flow)
        for i, _ in self._rows("balance"):
            groups = tuple(("weighting", j, "n") for j, _ in self._rows("weighting"))
            if groups:
                yield ("balance", i, "n"), groups
        same = [(key, i, "n") for key in ("adjusted", "differences", "practice_tests")
                for i, _ in self._rows(key)]  # fmt: skip
        yield from ((same[0], (other,)) for other in same[1:])

    def _programme(self, change: list[int]) -> Name:
        (mine,) = (i for i in change if self.shown["change"].rows[i].arm == "Link worker")
        return ("change", mine, "n")

    def _dose(self) -> Iterator[Sum]:
        levels = [i for i, row in self._rows("dose_response") if "each contact" not in row.contacts]
        change, _ = self._last()
        if levels and change:
            parts = tuple(("dose_response", i, "n") for i in levels)
            yield self._programme(change), parts

    def _subgroups(self) -> Iterator[Sum]:
        change, _ = self._last()
        for by in dict.fromkeys(row.by for _, row in self._rows("subgroups")):
            rows = [i for i, _ in self._rows("subgroups", by=by)]
            for name, which in (("n_programme", "Link worker"), ("n_comparison", "Usual care")):
                own = [i for i in change if self.shown["change"].rows[i].arm == which]
                rest = ("left out", by, name)
                self.bounds.setdefault(rest, [0, MANY])
                parts = (*(("subgroups", i, name) for i in rows), rest)
                yield from ((("change", j, "n"), parts) for j in own)

    def _lost(self) -> Iterator[Sum]:
        _, flow = self._last()
        for i, _ in self._rows("observed_weights"):
            rest = ("without a start", i)
            self.bounds.setdefault(rest, [0, MANY])
            parts = (("observed_weights", i, "n"), ("observed_weights", i, "missing"), rest)
            for j, row in self._rows("sensitivity"):
                if row.imputations is not None:
                    yield ("sensitivity", j, "n"), parts
        for i, _ in self._rows("loss_predictors", characteristic="Group"):
            yield ("loss_predictors", i, "n"), tuple(("flow", j, "expected") for j in flow)

    # What figures tell.

    def _slopes(self) -> bool:
        """The share that is missing, from how far a difference moves by points added."""
        _, flow = self._last()
        moved = False
        for name, which in (("delta_programme", "Link worker"), ("delta_comparison", "Usual care")):
            other = "delta_comparison" if name == "delta_programme" else "delta_programme"
            rows = [r for _, r in self._rows("tipping", **{other: 0.0}) if r.estimate is not None]
            own = [j for j in flow if self.shown["flow"].rows[j].arm == which]
            if len(rows) > 1 and own and self.by_change:
                moved |= self._narrow_pairs(own[0], self._share(rows, name))
        return moved

    def _share(self, rows: list[Any], name: str) -> tuple[float, float]:
        places = {(i, n): d for (i, n), d in self.shown["tipping"].decimals.items()}
        where = {id(r): i for i, r in self._rows("tipping")}
        first = next(r for r in rows if getattr(r, name) == 0.0)
        low, high = 0.0, 1.0
        for row in rows:
            step = getattr(row, name) - getattr(first, name)
            if step:
                off = sum(
                    0.5 * 10.0 ** -places.get((where[id(r)], "estimate"), self.digits)
                    for r in (row, first)
                )
                apart = abs(row.estimate - first.estimate)
                low, high = max(low, (apart - off) / step), min(high, (apart + off) / step)
        return low, high

    digits, by_change = 1, False

    def _narrow_pairs(self, row: int, share: tuple[float, float]) -> bool:
        (m0, m1), (n0, n1) = (
            self.bounds[("flow", row, "missing")],
            self.bounds[("flow", row, "expected")],
        )
        if n1 >= MANY or m1 >= MANY:
            return False
        held = [
            (m, n) for m, n in product(range(m0, m1 + 1), range(n0, n1 + 1))
            if n and share[0] - 1e-9 <= m / n <= share[1] + 1e-9
        ]  # fmt: skip
        if not held:
            return False  # strata or scores at the start move it too
        moved = self._set(
            ("flow", row, "missing"), min(m for m, _ in held), max(m for m, _ in held)
        )
        return moved | self._set(
            ("flow", row, "expected"), min(n for _, n in held), max(n for _, n in held)
        )

    def _ratios(self) -> bool:
        """The four counts of a ratio of odds and its interval."""
        _, flow = self._last()
        moved = False
        for _, row in self._rows("loss_predictors", characteristic="Group"):
            if row.odds_ratio is None or len(flow) != 2:
                continue
            cells = [("flow", j, name) for j in flow for name in ("missing", "measured")]
            held = self._fourfold(row, cells)
            for place, cell in enumerate(cells):
                if held:
                    own = [four[place] for four in held]
                    moved |= self._set(cell, min(own), max(own))
        return moved

    def _fourfold(self, row: Any, cells: Sequence[Name]) -> list[tuple[int, ...]]:
        ranges = [range(self.bounds[c][0], min(self.bounds[c][1], 200) + 1) for c in cells]
        if any(not r for r in ranges):
            return []
        return [four for four in product(*ranges) if self._fits(row, four)]

    def _fits(self, row: Any, four: tuple[int, ...]) -> bool:
        """Whether four counts, lost and measured of either group, give the ratio that is shown."""
        a, b, c, d = four
        if 0 in four:
            return False
        error = _reach(*four)
        for ratio in ((a * d) / (b * c), (b * c) / (a * d)):
            if round(told_coarsely(ratio, 0.05, row.n_fewest), 2) != round(row.odds_ratio, 2):
                continue
            if row.clusters is not None or row.conf_low is None:
                return True
            ends = ((-1, row.conf_low), (1, row.conf_high))
            told = (
                told_outwards(ratio * math.exp(way * error), way, row.n_fewest) for way, _ in ends
            )
            if all(
                round(one, 2) == round(end, 2) for one, (_, end) in zip(told, ends, strict=True)
            ):
                return True
        return False


def _reach(a: int, b: int, c: int, d: int) -> float:
    """Half an interval of a log ratio of odds: CR2 of people, Satterthwaite's df."""
    parts = [((1 / x + 1 / y) * (x + y) / (x + y - 1), x + y - 1) for x, y in ((a, b), (c, d))]
    variance = sum(v for v, _ in parts)
    df = variance**2 / sum(v**2 / n for v, n in parts)
    return t_critical(df, 0.95) * math.sqrt(variance)
