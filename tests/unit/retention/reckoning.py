"""What somebody can reckon from masked results of staying: bounds narrowed until nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from splw_eval.appraisal import hide_alike, mask
from splw_eval.appraisal.disclosure import PROFILES, possible_counts
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.core.retention_rows import STAYED
from splw_eval.data import Study
from splw_eval.retention import reported

NHS = PROFILES["nhs"]
MANY = 10**6
Name = Hashable
Sum = tuple[Name, tuple[Name, ...]]  # a whole and its parts
Less = tuple[Name, Name]  # the first is no more than the second
PARTS = ("there", "completed", "dropped_out", "ended_otherwise", "not_seen")
STAGE = ("passed", "not_reached", "skipped", "still_open", "not_known")
CAUSES = {"completed": "completed as planned", "dropped_out": "dropped out"}
ASKED: Mapping[str, Callable[[Study], Result[Any]]] = {
    "uptake": reported.describe_uptake,
    "staying": reported.describe_staying,
    "watched": reported.describe_watched,
    "standing": reported.describe_standing,
    "stay": reported.describe_stay,
    "endings": reported.describe_endings,
    "dose": reported.describe_dose,
    "modes": reported.describe_modes,
    "levels": reported.describe_levels,
    "components": reported.describe_components,
    "continuity": reported.describe_continuity,
    "caseload": reported.describe_caseload,
}
Results = Mapping[str, Result[Any]]


def asked(study: Study) -> tuple[Results, Results]:
    """Give the results of a study as they are, and masked as a report has them."""
    exact: dict[str, Result[Any]] = {key: ask(study) for key, ask in ASKED.items()}
    return exact, hide_alike({key: mask(held, study.plan) for key, held in exact.items()})


class Reckoning:
    """Bounds on every count of the masked results, by what is known to add up.

    It is told which hidden counts are the small ones, so it knows more than a reader can.
    """

    def __init__(self, exact: Results, shown: Results) -> None:
        self.bounds: dict[Name, list[int]] = {}
        self.small: dict[Name, int] = {}
        self.shown = shown
        for key, result in shown.items():
            names = [n for n, c in columns_of(result.row_type).items() if c.role is Role.COUNT]
            for i, row in enumerate(result.rows):
                before = exact[key].rows[i] if key != "staying" else None
                for name in names:
                    self._take((key, i, name), getattr(row, name), before and getattr(before, name))

    def _take(self, cell: Name, seen: int | None, was: int | None) -> None:
        if seen is not None:
            self.bounds[cell] = [*possible_counts(seen, NHS)]
        elif was is not None and 1 <= was <= NHS.largest_suppressed:
            self.bounds[cell] = [1, NHS.largest_suppressed]
            self.small[cell] = was
        else:
            self.bounds[cell] = [0, MANY]

    def told(self) -> dict[Name, int]:
        """Small counts that only one number can be, after everything was reckoned."""
        sums, less = [*self._sums()], [*self._less()]
        moved = True
        while moved:
            moves = [self._narrow_sum(*one) for one in sums]
            moves += [self._narrow_less(*one) for one in less]
            moved = any(moves)
        return {c: n for c, n in self.small.items() if self.bounds[c][0] == self.bounds[c][1]}

    def _set(self, cell: Name, low: int, high: int) -> bool:
        held = self.bounds[cell]
        new = [max(held[0], low), min(held[1], high)]
        assert new[0] <= new[1], f"{cell}: {held} and {low} to {high} cannot both be"
        self.bounds[cell] = new
        return new != held

    def _narrow_sum(self, whole: Name, parts: Sequence[Name]) -> bool:
        held = [self.bounds[p] for p in parts]
        low, high = sum(b[0] for b in held), sum(b[1] for b in held)
        moved = self._set(whole, low, high)
        top = self.bounds[whole]
        for part, own in zip(parts, held, strict=True):
            moved |= self._set(part, top[0] - (high - own[1]), top[1] - (low - own[0]))
        return moved

    def _narrow_less(self, first: Name, second: Name) -> bool:
        low, high = self.bounds[first], self.bounds[second]
        return self._set(first, 0, high[1]) | self._set(second, low[0], MANY)

    def _rows(self, key: str, **where: Any) -> list[tuple[int, Any]]:
        rows = enumerate(self.shown[key].rows)
        return [(i, r) for i, r in rows if all(getattr(r, k) == v for k, v in where.items())]

    def _sums(self) -> Iterator[Sum]:
        for i, _ in self._rows("standing"):
            yield ("standing", i, "n"), tuple(("standing", i, name) for name in PARTS)
        for i, row in self._rows("uptake"):
            if not row.reason:
                yield ("uptake", i, "referred"), tuple(("uptake", i, name) for name in STAGE)
                yield ("uptake", i, "others"), tuple(("uptake", i, name) for name in STAGE[1:])
                yield ("uptake", i, "referred"), (("uptake", i, "passed"), ("uptake", i, "others"))
        for i, _ in self._rows("continuity"):
            own = tuple(("continuity", i, n) for n in ("one_worker", "two_workers",
                                                       "three_or_more"))  # fmt: skip
            yield ("continuity", i, "seen"), own
            yield ("continuity", i, "several"), own[1:]
            yield ("continuity", i, "seen"), (own[0], ("continuity", i, "several"))
        for i, _ in self._rows("components"):
            yield ("components", i, "of"), (("components", i, "n"), ("components", i, "others"))
        yield from self._listed("endings", "ended", "n", ("group",))
        yield from self._listed("levels", "of", "n", ("group", "kind"))
        yield from self._listed("modes", "of_contacts", "contacts", ("group",))
        yield from self._across()

    def _listed(self, key: str, base: str, part: str, over: tuple[str, ...]) -> Iterator[Sum]:
        """Rows that add up to a whole, and with all others one by one."""
        for which in {tuple(getattr(r, n) for n in over) for r in self.shown[key].rows}:
            rows = [i for i, _ in self._rows(key, **dict(zip(over, which, strict=True)))]
            for i in rows:
                yield (key, i, base), tuple((key, j, part) for j in rows)
                yield (key, i, base), ((key, i, part), (key, i, "others"))
                yield (key, i, "others"), tuple((key, j, part) for j in rows if j != i)

    def _across(self) -> Iterator[Sum]:
        """What adds up over several results, group by group."""
        same = {"standing": "n", "stay": "n", "levels": "of", "components": "of", "dose": "people"}
        for i, row in self._rows("uptake", stage="referred"):
            for key, name in same.items():
                engaged = {"what": "Engagement with the service"} if key == "stay" else {}
                for j, _ in self._rows(key, group=row.group, **engaged):
                    yield ("uptake", i, "referred"), ((key, j, name),)
        for i, row in self._rows("uptake", stage="completed"):
            rows = self._rows("endings", group=row.group, kind="completed as planned")
            if rows and not row.reason:
                yield ("uptake", i, "passed"), tuple(("endings", j, "n") for j, _ in rows)
        for i, row in self._rows("dose", measure="contacts attended"):
            for j, _ in self._rows("dose", group=row.group, measure="contacts attended, if any"):
                yield ("dose", i, "people"), (("dose", i, "none"), ("dose", j, "known"))
            for j, _ in self._rows("levels", group=row.group, level="nobody was seen"):
                yield ("dose", i, "none"), (("levels", j, "n"),)
        for i, _ in self._rows("levels"):
            yield ("levels", i, "n"), (("levels", i, "known"),)
        yield from self._curves()

    def _curves(self) -> Iterator[Sum]:
        for i, row in self._rows("stay"):
            own = self._rows("staying", what=row.what, group=row.group)
            for of in ([r for r in own if r[1].cause == STAYED],
                       [r for r in own if r[1].cause != STAYED]):  # fmt: skip
                if of:
                    # The last few of each curve are in no step.
                    rest, few = ("stay", i, f"in no step, {of[0][1].cause}"), NHS.largest_suppressed
                    self.bounds.setdefault(rest, [0, few * len({r.cause for _, r in of})])
                    steps = (("staying", j, "events") for j, _ in of)
                    yield ("stay", i, "events"), (rest, *steps)

    def _less(self) -> Iterator[Less]:
        for i, row in self._rows("standing"):
            for j, later in self._rows("standing", group=row.group):
                if later.day > row.day:
                    yield ("standing", j, "there"), ("standing", i, "there")
                    yield from ((("standing", i, n), ("standing", j, n)) for n in PARTS[1:])
            for j, at in self._rows("watched", what=row.what, group=row.group):
                if at.day <= row.day:
                    yield ("standing", i, "there"), ("watched", j, "at_risk")
                else:
                    yield ("watched", j, "at_risk"), ("standing", i, "there")
        for i, _ in self._rows("uptake"):
            yield ("uptake", i, "implied"), ("uptake", i, "passed")
        for i, _ in self._rows("dose"):
            yield ("dose", i, "none"), ("dose", i, "known")
            yield ("dose", i, "known"), ("dose", i, "people")
        for i, _ in self._rows("modes"):
            yield ("modes", i, "people"), ("modes", i, "contacts")
            yield ("modes", i, "with_minutes"), ("modes", i, "contacts")
        yield from self._by_a_day()

    def _by_a_day(self) -> Iterator[Less]:
        """Steps of a cause by a day are no more than those counted as gone for it by then."""
        for i, row in self._rows("standing"):
            for name, cause in CAUSES.items():
                steps = self._rows("staying", what=row.what, group=row.group, cause=cause)
                gone = [j for j, step in steps if step.day is not None and step.day <= row.day]
                if len(gone) == 1:  # of several only the sum is no more
                    yield ("staying", gone[0], "events"), ("standing", i, name)
