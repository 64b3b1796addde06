"""Somebody who has every table of a report and solves for the hidden numbers, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from splw_eval.appraisal.disclosure import PROFILES
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from tests.unit.appraisal.reckoning_fair import FairReckoning
from tests.unit.retention.reckoning import MANY, Less, Name, Reckoning, Sum

Results = Mapping[str, Result[Any]]


class Attacker(FairReckoning):
    """Whole numbers that fit all tables together: what adds up was listed here by hand.

    It knows which of the hidden counts are the small ones, and that nothing else is.
    """

    def __init__(self, exact: Results, shown: Results, plan: Plan) -> None:
        self.by_change = True
        self.profile = PROFILES[plan.disclosure.profile]
        self.plan = plan
        self.shown = {key: held for key, held in shown.items() if key != "masking"}
        self.bounds: dict[Name, list[int]] = {}
        self.small: dict[Name, int] = {}
        self.truth: dict[Name, int] = {}
        self.absent: set[Name] = set()
        for key, result in self.shown.items():
            names = [n for n, c in columns_of(result.row_type).items() if c.role is Role.COUNT]
            for i, row in enumerate(result.rows):
                before = exact[key].rows[i] if key != "staying" else None
                for name in names:
                    was = getattr(before, name, None)
                    self._take((key, i, name), getattr(row, name), was)
                    if before is not None and was is None:
                        self.absent.add((key, i, name))

    def solved(self, fewest: int = 2) -> dict[Name, tuple[int, int]]:
        """Give the small counts that fewer than so many numbers can be, and which these are."""
        names, rows = self._system()
        at = {name: i for i, name in enumerate(names)}
        low = np.array([self.bounds[n][0] for n in names], dtype=float)
        high = np.array([self.bounds[n][1] for n in names], dtype=float)
        lows, highs = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        programme = _Programme(rows, at, low, high)
        small = [at[name] for name in self.small]
        for wanted in (*_drawn(small, 3), *([v] for v in small)):
            for way in (1, -1):
                left = [v for v in wanted if highs[v] - lows[v] + 1 < fewest]
                if left:
                    found = programme.pushed(left, way)
                    lows, highs = np.minimum(lows, found), np.maximum(highs, found)
        return {
            names[v]: (int(lows[v]), int(highs[v]))
            for v in small
            if highs[v] - lows[v] + 1 < fewest
        }

    def _system(self) -> tuple[list[Name], list[tuple[dict[Name, int], float, float]]]:
        rows: list[tuple[dict[Name, int], float, float]] = []
        for whole, parts in self._sums():
            if self._there(whole, *parts):
                rows.append((_signs(whole, parts), 0.0, 0.0))
        for less, more in self._less():
            if self._there(less, more):
                rows.append(({less: -1, more: 1}, 0.0, np.inf))
        for parts, whole in self._within():
            if self._there(whole, *parts):
                rows.append((_signs(whole, parts), 0.0, np.inf))
        return list(self.bounds), rows

    def _there(self, *cells: Name) -> bool:
        """Counts that a table never had are no parts of anything."""
        return all(cell in self.bounds and cell not in self.absent for cell in cells)

    # What adds up.

    def _sums(self) -> Iterator[Sum]:
        if "standing" in self.shown:
            yield from Reckoning._sums(self)
        if len(self.plan.arms) > 1 and "engagement" in self.shown:
            yield from FairReckoning._sums(self)
        yield from self._measured()
        yield from self._stopped()
        yield from self._came()
        yield from self._went()
        yield from self._used()

    def _less(self) -> Iterator[Less]:
        if "standing" in self.shown:
            yield from Reckoning._less(self)
        if len(self.plan.arms) > 1 and "engagement" in self.shown:
            yield from FairReckoning._less(self)
        for i, row in self._rows("change"):
            for j, _ in self._rows("flow", outcome=row.outcome, arm=row.arm, wave=row.wave):
                yield ("change", i, "n"), ("flow", j, "measured")
            for j, _ in self._rows("baseline", outcome=row.outcome, arm=row.arm):
                yield ("change", i, "n"), ("baseline", j, "known")

    def _within(self) -> Iterator[tuple[tuple[Name, ...], Name]]:
        """Parts that are not all of a whole."""
        for i, row in self._rows("flow"):
            same = self._rows("patterns", outcome=row.outcome, arm=row.arm)
            wave = [w.name for w in self.plan.waves].index(row.wave)
            for sign, name in (("1", "measured"), ("0", "missing")):
                own = [("patterns", j, "people") for j, r in same if r.pattern[wave:][:1] == sign]
                yield tuple(own), ("flow", i, name)

    def _measured(self) -> Iterator[Sum]:
        """Who was measured at each wave, in every table that says so."""
        for i, row in self._rows("flow"):
            yield ("flow", i, "expected"), (("flow", i, "measured"), ("flow", i, "missing"))
            yield ("flow", i, "enrolled"), (("flow", i, "expected"), ("flow", i, "not_yet_due"))
            at = {"outcome": row.outcome, "arm": row.arm, "wave": row.wave}
            for key in ("scores", "model_means", "floor_ceiling"):
                for j, _ in self._rows(key, **at):
                    yield ("flow", i, "measured"), ((key, j, "n"),)
            reasons = self._rows("reasons", **at)
            if reasons:
                yield ("flow", i, "missing"), tuple(("reasons", j, "people") for j, _ in reasons)
            for j, _ in reasons:
                yield ("flow", i, "missing"), (("reasons", j, "missing"),)
                yield (
                    ("reasons", j, "missing"),
                    (("reasons", j, "people"), ("reasons", j, "others")),
                )
            if row.wave == self.plan.waves[0].name:
                for j, _ in self._rows("baseline", outcome=row.outcome, arm=row.arm):
                    yield ("flow", i, "measured"), (("baseline", j, "known"),)
        for j, _ in self._rows("characteristics"):
            own = ("characteristics", j, "people"), ("characteristics", j, "others")
            yield ("characteristics", j, "known"), own

    def _reasons(self, missing: Name, rows: list[tuple[int, Any]]) -> Iterator[Sum]:
        if rows:
            yield missing, tuple(("reasons", j, "people") for j, _ in rows)
        for j, _ in rows:
            yield missing, (("reasons", j, "missing"),)
            yield ("reasons", j, "missing"), (("reasons", j, "people"), ("reasons", j, "others"))

    def _stopped(self) -> Iterator[Sum]:
        """Who was measured at every wave, who stopped and who came back."""
        for i, row in self._rows("monotone"):
            yield ("monotone", i, "people"), (("monotone", i, "monotone"), ("monotone", i, "gaps"))
            parts = (("monotone", i, "complete"), ("monotone", i, "stopped"))
            yield ("monotone", i, "monotone"), parts
            same = self._rows("patterns", outcome=row.outcome, arm=row.arm)
            yield ("monotone", i, "people"), tuple(("patterns", j, "people") for j, _ in same)
            for name, kind in KINDS.items():
                own = tuple(("patterns", j, "people") for j, r in same if r.kind == kind)
                if own and all(r.pattern for _, r in same):
                    yield ("monotone", i, name), own

    def _went(self) -> Iterator[Sum]:
        """Who changed, and how."""
        for i, row in self._rows("change"):
            at = {"outcome": row.outcome, "arm": row.arm, "wave": row.wave}
            for key, name in (("responders", "n"), ("reliable_change", "n"), ("precision", "n")):
                for j, _ in self._rows(key, **at):
                    yield ("change", i, "n"), ((key, j, name),)
        for key, names in PARTS.items():
            for i, _ in self._rows(key):
                held = tuple((key, i, n) for n in names if (key, i, n) in self.truth)
                yield (key, i, "n"), held

    def _used(self) -> Iterator[Sum]:
        """Whose use of services is known, and whose size is set beside the plan's."""
        primary, first = self.plan.primary.name, self.plan.waves[0].name
        for i, row in self._rows("flow", outcome=primary, wave=first):
            for j, _ in self._rows("reached", arm=row.arm):
                yield ("flow", i, "enrolled"), (("reached", j, "people"),)
            for j, _ in self._rows("service_use", group=row.arm):
                own = ("service_use", j, "n"), ("service_use", j, "n_out")
                yield ("flow", i, "enrolled"), own
        at = self.plan.estimand.contrast.waves
        for i, row in self._rows("flow", outcome=primary, wave=at[0]) if len(at) == 1 else ():
            for j, _ in self._rows("reached", arm=row.arm):
                yield ("flow", i, "measured"), (("reached", j, "measured"),)

    def _came(self) -> Iterator[Sum]:
        """Characteristics of all, of those measured later and of those lost."""
        for key, over, base, part in LISTED:
            for place in dict.fromkeys(_place(r, over) for _, r in self._rows(key)):
                rows = self._rows(key, **dict(zip(over, place, strict=True)))
                cells = tuple((key, i, part) for i, _ in rows)
                if all((key, i, base) in self.truth for i, _ in rows):
                    yield (key, rows[0][0], base), cells
                    for before, after in pairwise(rows):
                        yield (key, before[0], base), ((key, after[0], base),)
        for i, row in self._rows("lost_characteristics"):
            for group in ("retained", "lost"):
                own = tuple(("lost_characteristics", i, f"{group}{n}") for n in ("", "_others"))
                yield ("lost_characteristics", i, f"{group}_known"), own
            at = {n: getattr(row, n) for n in ("arm", "characteristic", "category")}
            for j, _ in self._rows("characteristics", **at):
                for all_, names in (("people", ("retained", "lost")),
                                    ("known", ("retained_known", "lost_known"))):  # fmt: skip
                    parts = tuple(("lost_characteristics", i, name) for name in names)
                    yield ("characteristics", j, all_), parts


KINDS = {
    "complete": "Complete",
    "stopped": "Missing from some wave on",
    "gaps": "Missing, then measured again",
}
PARTS = {
    "responders": ("n_better", "n_same", "n_worse"),
    "reliable_change": ("n_recovered", "n_improved", "n_unchanged", "n_deteriorated"),
    "floor_ceiling": ("n_lowest", "n_between", "n_highest"),
    "agreement": ("n_agree", "n_differ"),
}
LISTED = (
    ("characteristics", ("characteristic", "arm"), "known", "people"),
    ("lost_characteristics", ("arm", "wave", "characteristic"), "retained_known", "retained"),
    ("lost_characteristics", ("arm", "wave", "characteristic"), "lost_known", "lost"),
)


def _place(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _signs(whole: Name, parts: tuple[Name, ...]) -> dict[Name, int]:
    found: dict[Name, int] = {whole: 1}
    for part in parts:
        found[part] = found.get(part, 0) - 1
    return found


def _drawn(small: list[int], times: int) -> Iterator[list[int]]:
    """All at once first, which leaves few for one by one."""
    yield from ([*small] for _ in range(times) if small)


class _Programme:
    def __init__(
        self,
        rows: list[tuple[dict[Name, int], float, float]],
        at: Mapping[Name, int],
        low: np.ndarray[Any, Any],
        high: np.ndarray[Any, Any],
    ) -> None:
        entries = [(r, at[c], s) for r, (signs, _, _) in enumerate(rows) for c, s in signs.items()]
        r, v, s = (np.array(part) for part in zip(*entries, strict=True))
        matrix = coo_array((s.astype(float), (r, v)), shape=(len(rows), len(at))).tocsr()
        ends = np.array([row[1:] for row in rows])
        self._rows = LinearConstraint(matrix, ends[:, 0], ends[:, 1])
        self._bounds = Bounds(low, np.where(high >= MANY, np.inf, high))
        self._size = len(at)

    def pushed(self, which: list[int], way: int) -> np.ndarray[Any, Any]:
        aim = np.zeros(self._size)
        aim[which] = -way
        whole = np.ones(self._size)
        for presolve in (True, False):  # it may call a programme infeasible that is not
            options = {"presolve": presolve}
            made = milp(aim, constraints=self._rows, bounds=self._bounds, integrality=whole,
                        options=options)  # fmt: skip
            if made.x is not None:
                return np.round(made.x)
        raise AssertionError("the tables contradict each other")
