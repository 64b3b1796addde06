"""Rules about stage counts, and the n and N of every estimate (G1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from typing import Any

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.shown_counts import bounds, total
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported
from splw_eval.core.check_rows import Status
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result

_PARTS = ("passed", "not_reached", "skipped", "still_open", "not_known")
_ESTIMATES = frozenset({Role.MEAN, Role.CURVE})
_COUNTS = frozenset({Role.COUNT, Role.STAFF})
_BY_WAVE = ("scores", "change")
_RECORD = "Record every stage for everybody who reached it."


def stages_reconcile(facts: Facts) -> Verdict:
    """Counts of stages and waves add up, and no later stage has more people than an earlier."""
    faults = [*_waves(facts), *_stages(facts)]
    if faults:
        return not_reported(
            " ".join(dict.fromkeys(faults)),
            f"{_RECORD} Look for people who are counted twice.",
            *(key for key in ("flow", "uptake") if facts.rows(key)),
        )
    without = "" if facts.rows("uptake") else " No stages of referral are known."
    rises = list(dict.fromkeys(_explained_rises(facts)))
    more = (
        f" More reached {'; '.join(rises)}; of the others the earlier stage is not recorded "
        "or not known."
        if rises
        else ""
    )
    return Verdict(
        status=Status.REPORTED,
        evidence=f"Counts of each wave and stage add up, as far as rounding shows.{without}{more}",
        remedy=_RECORD if rises else "",
        results=tuple(key for key in ("flow", "uptake") if facts.rows(key)),
    )


def _waves(facts: Facts) -> Iterator[str]:
    for row in facts.rows("flow"):
        parts = total(bounds(facts, n) for n in (row.measured, row.missing))
        of_all = total(bounds(facts, n) for n in (row.expected, row.not_yet_due))
        where = f"{row.arm}, {row.wave}"
        if _apart(parts, bounds(facts, row.expected)):
            yield f"Measured and missing do not add up to those expected ({where})."
        if _apart(of_all, bounds(facts, row.enrolled)):
            yield f"Expected and not yet due do not add up to those enrolled ({where})."


def _stages(facts: Facts) -> Iterator[str]:
    told = [row for row in facts.rows("uptake") if row.passed is not None and not row.reason]
    for row in told:
        parts = total(bounds(facts, getattr(row, name)) for name in _PARTS)
        if _apart(parts, bounds(facts, row.referred)):
            yield f"The parts of the stage {row.stage} do not add up to those referred."
    for earlier, later in _rises(facts):
        kept = (earlier.passed, earlier.skipped, earlier.not_known)
        if bounds(facts, later.passed)[0] > total(bounds(facts, n) for n in kept)[1]:
            yield f"More are recorded as {later.stage} than as {earlier.stage} ({later.group})."


def _rises(facts: Facts) -> Iterator[tuple[Any, Any]]:
    """Stages of one group that follow each other, of which the later has more people."""
    told = [row for row in facts.rows("uptake") if row.passed is not None and not row.reason]
    for earlier, later in pairwise(told):
        rises = bounds(facts, later.passed)[0] > bounds(facts, earlier.passed)[1]
        if rises and earlier.group == later.group:
            yield earlier, later


def _explained_rises(facts: Facts) -> Iterator[str]:
    for earlier, later in _rises(facts):
        yield f"the stage {later.stage} than {earlier.stage}"


def _apart(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[1] < second[0] or second[1] < first[0]


def estimates_have_n(facts: Facts) -> Verdict:
    """Every estimate of every table has its n beside it, and the N that was expected."""
    without = sorted({key for key, held in facts.results.items() if any(_bare(held))})
    if without:
        return not_reported(
            f"Estimates without the number of people behind them in: {', '.join(without)}.",
            "Show the number of people beside each estimate.",
            *without,
        )
    alone = sorted(set(_without_n_expected(facts)))
    if alone:
        return not_reported(
            f"Nobody is counted as expected for: {'; '.join(alone)}.",
            "Show how many were expected, beside how many were measured.",
            "flow",
        )
    return reported(
        "Each estimate that is shown stands beside its n; the flow gives those expected.", "flow"
    )


def _bare(held: Result[Any]) -> Iterator[bool]:
    """Whether an estimate stands without its count, for each that is shown."""
    columns = columns_of(held.row_type)
    counts = [name for name, column in columns.items() if column.role in _COUNTS]
    for row in held.rows:
        for field in fields(row):
            column = columns[field.name]
            named = column.role in _ESTIMATES or field.name == "estimate"
            if named and getattr(row, field.name) is not None:
                bases = (column.base,) if column.base else counts
                yield all(getattr(row, name) is None for name in bases)


def _without_n_expected(facts: Facts) -> Iterator[str]:
    counted = {(r.outcome, r.arm, r.wave) for r in facts.rows("flow")}
    for key in _BY_WAVE:
        for row in facts.rows(key):
            if (row.outcome, row.arm, row.wave) not in counted:
                yield f"{row.arm}, {row.wave}"


RULES = {
    "stages_reconcile": Rule(
        judge=stages_reconcile,
        collects="measures: person, wave, scores; episodes: person, referral_date, accepted, "
        "first_contact_date, close_date, close_reason",
    ),
    "estimates_have_n": Rule(
        judge=estimates_have_n,
        collects="people: person, one row for everybody in the study; measures: person, wave, "
        "scores",
    ),
}
