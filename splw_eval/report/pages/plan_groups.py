"""The plan's groups: who is compared with whom, and how they came to be there."""

from __future__ import annotations

from splw_eval.core.plan import Plan
from splw_eval.core.plan.design import Allocation, Comparison
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Paragraph, ReportTable, Section
from splw_eval.report.pages.plan_adjusting import in_levels
from splw_eval.report.pages.titles import heads, pairs, text, yes_no

ROLES = {"programme": "The programme", "comparison": "Comparison"}


def groups_section(plan: Plan) -> Section:
    """Return the groups, how they were formed, and how the people compared were found."""
    title = "Who is compared with whom"
    if not plan.arms:
        words = "There is one group, and nobody to compare it with."
        return Section(id="plan-groups", title=title, blocks=(Paragraph(text=words),))
    arms = ReportTable(
        id="plan-arms-table",
        caption="Groups",
        columns=heads("Group", "Role", "Value in the files", row_heads=3),
        rows=tuple((text(a.label), text(ROLES[a.role]), text(a.value)) for a in plan.arms),
    )
    blocks = (
        arms,
        _allocation(plan.allocation),
        _recruitment(plan.comparison),
    )
    return Section(id="plan-groups", title=title, blocks=blocks)


def _allocation(allocation: Allocation | None) -> ReportTable:
    rows: tuple[tuple[str, str | None], ...] = (("Decided by chance", None),)
    if allocation is not None:
        rows = (
            ("Decided by chance", yes_no(allocation.randomised)),
            ("Method", (allocation.method or "").replace("_", " ").capitalize()),
            ("Strata", ", ".join(allocation.strata)),
            *((("Columns of the strata", _strata(allocation)),) if allocation.strata else ()),
            ("Seed", None if allocation.seed is None else str(allocation.seed)),
            ("Date", say.day(allocation.date)),
        )
    return pairs("plan-allocation-table", "How the groups were formed", rows)


def _strata(allocation: Allocation) -> str | None:
    held = allocation.strata_columns.items()
    return "; ".join(f"{column}: {in_levels(cuts)}" for column, cuts in held) or None


def _recruitment(comparison: Comparison | None) -> ReportTable:
    rows: tuple[tuple[str, str | None], ...] = (("Recruited", None),)
    if comparison is not None:
        kinds = {
            "same_eligibility": "People who met the same criteria",
            "sample": "A sample of other people",
            "other": "Other people",
        }
        rows = (
            ("Recruited", comparison.recruited.replace("_", " ").capitalize()),
            ("Recruited by", comparison.recruited_by),
            ("Recruiters knew the group", _knew_the_group(comparison)),
            ("People compared", kinds[comparison.comparators]),
            ("In the plan's words", comparison.description),
        )
    return pairs("plan-comparison-table", "How the people compared were found", rows)


def _knew_the_group(comparison: Comparison) -> str | None:
    """Return nothing where it is not stated, and what follows where nobody could know."""
    if comparison.blind is not None:
        return yes_no(not comparison.blind)
    if comparison.recruited == "before_allocation":
        return "No group was decided yet"
    return None
