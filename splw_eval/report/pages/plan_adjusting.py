"""The plan's confounders, its adjustment, who counts as reached, subgroups and missing data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from splw_eval.core.plan import Confounder, Plan, Subgroup
from splw_eval.report.blocks import (
    Block,
    Item,
    ListBlock,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.numbers import as_planned
from splw_eval.report.pages.titles import heads, pairs, text, yes_no

AT_RANDOM = (
    "The model that answers the main question takes scores to be missing at random. Where groups "
    "are compared, the page on people who were lost tries the other assumptions."
)
ADJUSTED = "What was measured is adjusted for on the page on a fair comparison."
ONE_GROUP = "With one group nothing can be adjusted for: read changes with these in mind."
TOLD = "What came of it stands on the pages on a fair comparison and on those who received it."
PARTED = "What came of it stands on the page on who benefits."
CONFOUNDERS = "Why groups or times may differ anyway"
ADJUSTMENT = "How groups are made alike, and who was reached"
SUBGROUPS = "For whom the difference is told apart"
TARGETS = {
    "treated": "People like those who had the programme",
    "overlap": "People who could have been in either group",
    "everybody": "All people of the study",
}
METHODS = {
    "propensity": "By the chance of being in the programme group, given the confounders",
    "entropy": "By the weights nearest to equal ones that make the means of the groups alike",
}
STRATEGIES = {
    "J2R": "from then on as the comparison group (jump to reference, J2R)",
    "CIR": "with the gain so far, and then as the comparison group (copy increments, CIR)",
    "CR": "as the comparison group all along (copy reference, CR)",
    "LMCF": "with the mean at which they left (last mean carried forward, LMCF)",
}
_KINDS = {"number": "a number", "category": "a category"}


def missing_section(plan: Plan) -> Section | None:
    """Return what is assumed of missing scores; None where the plan does not say."""
    missing = plan.missing
    if missing is None:
        return None
    titles = {outcome.name: f"{outcome.label}, at the start" for outcome in plan.outcomes}
    strategies = "; ".join(STRATEGIES[name] for name in plan.strategies)
    unit = plan.primary.unit
    deltas = ", ".join(as_planned(step).replace("+", "") for step in missing.deltas)
    rows: tuple[tuple[str, str | None], ...] = (
        ("Assumption", missing.assumption),
        ("Method", missing.method),
        ("Under other assumptions", "; ".join(missing.sensitivity)),
        ("Times that missing scores are filled in", f"{missing.imputations:,}"),
        (
            "Also taken into account then",
            ", ".join(titles.get(name, name) for name in missing.auxiliary) or "Nothing more",
        ),
        (
            "People lost from the programme group, in turn",
            strategies[:1].upper() + strategies[1:] if strategies else "No assumption of this kind",
        ),
        (f"Worse than expected by ({unit})", deltas or "Steps that the report chooses"),
        ("Only for those who had stopped seeing the link worker", yes_no(missing.only_disengaged)),
    )
    table = pairs("plan-missing-table", "How missing follow-up is to be handled", rows)
    return _section("missing", "Missing data", table, AT_RANDOM)


def confounders_section(plan: Plan) -> Section | None:
    """Return the reasons why groups may differ anyway; None where none is declared."""
    if not plan.confounders:
        return None
    table = ReportTable(
        id="plan-confounders-table",
        caption="Confounders",
        columns=heads("Confounder", "Reason", "Was it measured?", row_heads=3),
        rows=tuple(
            (text(c.name), text(c.reason), text(_measured(plan, c))) for c in plan.confounders
        ),
    )
    return _section("confounders", CONFOUNDERS, table, ADJUSTED if plan.arms else ONE_GROUP)


def _measured(plan: Plan, confounder: Confounder) -> str:
    if confounder.column is None:
        return "Not measured"
    kind = f", as {_KINDS[confounder.kind]}" if confounder.kind else ""
    return f"Yes, {_where(plan, confounder.column)}{kind}"


def _where(plan: Plan, column: str) -> str:
    titles = {outcome.name: outcome.label for outcome in plan.outcomes}
    if column in titles:
        return f"as the score at the start of {titles[column]}"
    return f"in the column {column}"


def adjustment_section(plan: Plan) -> Section | None:
    """Return how groups are made alike, and whom the programme counts as having reached."""
    rows = [*_weighting(plan), *_reached(plan)]
    if not rows:
        return None
    table = pairs("plan-adjustment-table", "Weighting of people, and contacts", rows)
    return _section("adjustment", ADJUSTMENT, table, TOLD)


def _weighting(plan: Plan) -> Iterator[tuple[str, str | None]]:
    if any(c.column for c in plan.confounders):
        yield "The adjusted difference holds for", TARGETS[plan.adjustment.target]
        yield "Weights", METHODS[plan.adjustment.method]


def _reached(plan: Plan) -> Iterator[tuple[str, str | None]]:
    if any(file.table == "contacts" for file in plan.files):
        least = plan.engagement.contacts_at_least
        contacts = "One attended contact" if least == 1 else f"{least:,} attended contacts"
        yield "Received the programme", f"{contacts} or more"


def subgroups_section(plan: Plan) -> Section | None:
    """Return by what the difference is told apart; None where the plan names nothing."""
    if not plan.subgroups:
        return None
    items = tuple(
        Item(term=f"{s.name}: ", text=f"{s.reason.rstrip('.')} ({_levels(plan, s)}).")
        for s in plan.subgroups
    )
    return _section("subgroups", SUBGROUPS, ListBlock(items=items), PARTED)


def _levels(plan: Plan, subgroup: Subgroup) -> str:
    levels = in_levels(subgroup.cuts) if subgroup.cuts else "each level or step"
    return f"{_where(plan, subgroup.column).removeprefix('in the ')}: {levels}"


def in_levels(cuts: Sequence[float]) -> str:
    """Return the levels that cut points make, in words."""
    if not cuts:
        return "each value"
    said = [as_planned(cut).replace("+", "") for cut in cuts]
    between = [f"{low} to below {high}" for low, high in pairwise(said)]
    return ", ".join([f"below {said[0]}", *between, f"{said[-1]} and above"])


def _section(name: str, title: str, block: Block, after: str) -> Section:
    return Section(id=f"plan-{name}", title=title, blocks=(block, Paragraph(text=after)))
