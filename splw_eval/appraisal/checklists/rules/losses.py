"""Rules about people who were lost, and what was done about it (G1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, groupby

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import is_filled, places
from splw_eval.appraisal.checklists.shown_counts import lost_share
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)

_METHOD = ("missing.assumption", "missing.method")
MUCH_LOST, FAR_APART = 0.05, 0.10
# Filling in at random assumes of people who were lost what the main answer does.
_MAIN = frozenset({"Main answer", "Complete cases", "MAR"})
_DECLARE = "State assumption and method in study.toml, [missing]."


def missing_method_declared(facts: Facts) -> Verdict:
    """Where more than 5 in 100 were lost, the plan says how that is handled."""
    lacking = [path for path in _METHOD if not is_filled(facts.plan, path)]
    if not lacking:
        return reported("Stated in study.toml: [missing] assumption; method.", *_of(facts, "flow"))
    if not facts.read:
        return not_reported(
            f"Not in study.toml: {places(lacking)}. More than 5 in 100 are lost in most studies.",
            _DECLARE,
        )
    shares = [(row, *lost_share(facts, row)) for row in facts.primary_flow()]
    much = [f"{r.arm}, {facts.title_of(r.wave)}" for r, low, _ in shares if low > MUCH_LOST]
    open_ = [f"{r.arm}, {facts.title_of(r.wave)}" for r, _, high in shares if high > MUCH_LOST]
    if much:
        return not_reported(
            f"More than 5 in 100 were lost ({'; '.join(much)}), and no method is declared.",
            _DECLARE,
            "flow",
        )
    if open_:
        return not_reported(
            "The shown counts leave open whether more than 5 in 100 were lost "
            f"({'; '.join(open_)}), and no method is declared.",
            _DECLARE,
            "flow",
        )
    return reported("No more than 5 in 100 were lost at any wave.", "flow")


def loss_difference_has_sensitivity(facts: Facts) -> Verdict:
    """Where groups differ by more than 10 points in loss, other assumptions were tried."""
    if not facts.plan.arms:
        return not_applicable("There is one group, so no two groups can differ in loss.")
    if not facts.read:
        return _planned_runs(facts)
    tried = [r for r in facts.rows("sensitivity") if r.strategy not in _MAIN and _told(r)]
    names = ", ".join(dict.fromkeys(row.strategy for row in tried))
    apart, maybe = _differences(facts)
    if tried:
        return reported(f"Tried under other assumptions: {names}.", "flow", "sensitivity")
    if any(_told(r) and (r.delta_programme or r.delta_comparison) for r in facts.rows("tipping")):
        return reported("Tried: people who were lost doing worse, step by step.", "flow", "tipping")
    if not (apart or maybe):
        return reported("Groups differ by no more than 10 points in loss at any wave.", "flow")
    said = (
        f"Groups differ by more than 10 points in loss ({'; '.join(apart)})"
        if apart
        else f"Groups may differ by more than 10 points in loss ({'; '.join(maybe)})"
    )
    return not_reported(
        f"{said}, and no other assumption was tried.",
        "Name strategies or deltas in study.toml, [missing]; the report then tries these "
        "assumptions about people who were lost.",
        "flow",
        "sensitivity",
    )


def _told(row: object) -> bool:
    return getattr(row, "estimate", None) is not None


def _planned_runs(facts: Facts) -> Verdict:
    missing = facts.plan.missing
    if missing is None or not (facts.plan.strategies or missing.deltas):
        return not_reported("No analysis under other assumptions is planned.", _DECLARE)
    names = ", ".join(facts.plan.strategies) or "deltas"
    return reported(f"Planned in study.toml, [missing]: {names}.")


def _differences(facts: Facts) -> tuple[list[str], list[str]]:
    """Waves at which two groups differ by more than 10 points for certain, and perhaps."""
    apart, maybe = [], []
    for wave, certain, possible in _by_wave(facts):
        if certain:
            apart.append(facts.title_of(wave))
        elif possible:
            maybe.append(facts.title_of(wave))
    return apart, maybe


def _by_wave(facts: Facts) -> Iterator[tuple[str, bool, bool]]:
    rows = sorted(facts.primary_flow(), key=lambda row: row.month)
    for wave, held in groupby(rows, key=lambda row: row.wave):
        shares = [lost_share(facts, row) for row in held]
        pairs = [
            (max(a[0] - b[1], b[0] - a[1]), max(a[1] - b[0], b[1] - a[0]))
            for a, b in combinations(shares, 2)
        ]
        yield (
            wave,
            any(low > FAR_APART + 1e-12 for low, _ in pairs),
            any(high > FAR_APART + 1e-12 for _, high in pairs),
        )


def _of(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "missing_method_declared": Rule(judge=missing_method_declared),
    "loss_difference_has_sensitivity": Rule(judge=loss_difference_has_sensitivity),
}
