"""Rules about other reasons for a difference (G2)."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.appraisal.checklists.columns_later import LATER_COLUMNS, NOT_A_CHARACTERISTIC
from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.known import known_of, people_of
from splw_eval.appraisal.checklists.shown_counts import (
    ALWAYS,
    MAYBE,
    NEVER,
    bounds,
    falls_short,
    total,
)
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.plan import Plan, language_of
from splw_eval.core.plan.adjustment import Confounder

KNOWN = 0.8
UNADJUSTED = "Unadjusted"
REFUSED = ("SW140",)


def adjusted_beside_unadjusted(facts: Facts) -> Verdict:
    """No adjusted difference stands without the unadjusted one of the same people."""
    told = [row for row in facts.rows("adjusted") if row.estimate is not None]
    plain = {(r.outcome, r.compared, r.when) for r in told if r.method == UNADJUSTED}
    adjusted = [row for row in told if row.method != UNADJUSTED]
    alone = [r for r in adjusted if (r.outcome, r.compared, r.when) not in plain]
    if alone:
        named = "; ".join(dict.fromkeys(f"{r.compared}, {r.when}: {r.method}" for r in alone))
        return not_reported(
            f"Adjusted without the unadjusted difference beside it: {named}.",
            "Show the unadjusted difference of the same people beside each adjusted one.",
            "adjusted",
        )
    if not adjusted:
        return not_applicable("Nothing was adjusted for confounders, so nothing stands alone.")
    return reported("Unadjusted and adjusted differences stand side by side.", "adjusted")


def confounders_known(facts: Facts) -> Verdict:
    """Declared confounders were measured, and are known of 80 in 100 or more."""
    held = facts.plan.confounders
    if not held:
        return not_reported(
            "No confounder is declared.", "List them in study.toml, [[confounders]]."
        )
    absent = [f'"{c.name}" was not measured' for c in held if not _addressed(c, facts)]
    gaps, unsure = _gaps(facts)
    faults = [*absent, *(f'"{c.name}" is missing for more than 20 in 100' for c in gaps)]
    faults += [f'whether "{c.name}" is known of 80 in 100 cannot be told' for c in unsure]
    if faults:
        return not_reported(
            f"{'; '.join(faults)}.".capitalize(),
            "Collect them; or say in study.toml, [missing], how people of whom one is not known "
            "are dealt with, by its name.",
            *(key for key in ("balance", "characteristics", "e_values") if facts.rows(key)),
        )
    return _all_known(facts)


def _all_known(facts: Facts) -> Verdict:
    named = [c.name for c in facts.plan.confounders if c.column is None]
    why = (
        "chance decided the groups, so it differs between them by chance only"
        if language_of(facts.plan).causal
        else "the report says so, and the plan or an E-value says how much that may matter"
    )
    unmeasured = f" Named and not measured: {', '.join(named)}; {why}." if named else ""
    if len(named) == len(facts.plan.confounders):
        return reported(unmeasured.strip())
    known = (
        "All that were measured are known of 80 in 100 people or more"
        if _complete_together(facts)
        else "Each that was measured is known of 80 in 100, or [missing] says what is done"
    )
    return reported(
        f"{known}.{unmeasured}",
        *(key for key in ("balance", "characteristics", "e_values") if facts.rows(key)),
    )


def _addressed(confounder: Confounder, facts: Facts) -> bool:
    """Whether it was measured; or chance balances it; or it is told how strong it would have to be.

    Chance balances only people who were found alike, and before anything is known of them.
    """
    if confounder.column is not None or facts.plan_says(confounder.name):
        return True
    by_chance = language_of(facts.plan).causal
    return by_chance or any(row.e_value is not None for row in facts.rows("e_values"))


def _gaps(facts: Facts) -> tuple[list[Confounder], list[Confounder]]:
    """Confounders that are missing of too many, and those of which it cannot be told."""
    gaps, unsure = [], []
    complete = _complete_together(facts)
    for confounder in facts.plan.confounders:
        if confounder.column is None or complete or facts.plan_says(confounder.name):
            continue
        said = [falls_short(known, of, KNOWN) for known, of in known_of(facts, confounder.column)]
        if ALWAYS in said:
            gaps.append(confounder)
        elif not said or MAYBE in said:
            unsure.append(confounder)
    return gaps, unsure


def _complete_together(facts: Facts) -> bool:
    """Whether all are known of 80 in 100 people, so that each of them is too."""
    balanced = [row.n for row in facts.rows("balance")]
    enrolled = people_of(facts)
    return (
        bool(balanced)
        and len(enrolled) == len(facts.plan.groups)
        and all(
            falls_short(bounds(facts, n), total(enrolled.values()), KNOWN) == NEVER
            for n in balanced
        )
    )


def confounders_before_time_zero(facts: Facts) -> Verdict:
    """Nothing that came after time zero is adjusted for."""
    if not facts.plan.confounders:
        return not_reported(
            "No confounder is declared.", "List them in study.toml, [[confounders]]."
        )
    later = list(_later(facts.plan))
    if later or facts.found(*REFUSED):
        named = f": {', '.join(later)}" if later else f" ({', '.join(REFUSED)})"
        return not_reported(
            f"Named as confounders, and known only after time zero{named}.",
            "Name columns of people or of practices, as they were before time zero; what the "
            "programme may have changed takes part of the difference away.",
        )
    return reported("No column named in study.toml, [[confounders]], tells of after time zero.")


def _later(plan: Plan) -> Iterator[str]:
    outcomes = {outcome.name for outcome in plan.outcomes}
    headings = set(_later_headings(plan))
    for confounder in plan.confounders:
        column = confounder.column
        if column is None or (column in outcomes and column not in _wide_later(plan)):
            continue
        if column in headings or column in LATER_COLUMNS or column in NOT_A_CHARACTERISTIC:
            yield f"{confounder.name} ({column})"


def _wide_later(plan: Plan) -> set[str]:
    """Headings of scores of one later wave."""
    first = plan.waves[0].name
    return {h for _, _, wave, h in plan.score_columns() if wave is not None and wave != first}


def _later_headings(plan: Plan) -> Iterator[str]:
    """Headings that the plan gives for a later wave, or for a table of what came later."""
    first = plan.waves[0].name
    yield from (h for _, _, wave, h in plan.score_columns() if wave != first)
    for file in plan.files:
        yield from (h for wave, h in file.dates.items() if wave != first)
        if file.table not in {"people", "clusters", "measures"}:
            yield from file.columns.values()
        for _, wave, columns in file.item_columns():
            if wave != first and not isinstance(columns, str):
                yield from columns.values()


RULES = {
    "adjusted_beside_unadjusted": Rule(
        judge=adjusted_beside_unadjusted,
        collects="measures: scores at the start and later; people: a column of each confounder",
    ),
    "confounders_known": Rule(
        judge=confounders_known, collects="people: the column of each confounder, for everybody"
    ),
    "confounders_before_time_zero": Rule(judge=confounders_before_time_zero),
}
