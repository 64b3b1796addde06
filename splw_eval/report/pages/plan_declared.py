"""What the plan declares beside the analysis: size, delivery, words, governance."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.plan import Plan
from splw_eval.core.plan.declared import Tidier
from splw_eval.core.plan.sample_size import SampleSize, Sourced
from splw_eval.report.blocks import (
    Block,
    Cell,
    Format,
    Item,
    ListBlock,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.numbers import decimals_needed, percent
from splw_eval.report.pages.plan_adjusting import (
    ADJUSTMENT,
    CONFOUNDERS,
    SUBGROUPS,
    adjustment_section,
    confounders_section,
    missing_section,
    subgroups_section,
)
from splw_eval.report.pages.titles import NOT_STATED, heads, pairs, text

AUDIT = "What was reached is set beside it by: splw-eval power audit study.toml."

PROFILES = {
    "nhs": "nhs: numbers of 1 to 7 people are hidden, others rounded to the nearest 5",
    "n10": "n10: numbers below 10 people are hidden",
    "public_data": "public_data: exact counts, for data that are public already",
}
TIDIER = {
    "name": "Name",
    "why": "Why",
    "materials": "What: materials",
    "procedures": "What: procedures",
    "who_provided": "Who provided it",
    "how": "How",
    "where": "Where",
    "when_and_how_much": "When and how much",
    "tailoring": "Tailoring",
    "modifications": "Modifications",
    "fidelity_planned": "How well: planned",
    "fidelity_actual": "How well: actual",
}
SIZES = {
    "target_difference": "Target difference",
    "sd": "Standard deviation",
    "icc": "Intraclass correlation (ICC)",
    "cac": "Cluster autocorrelation (CAC)",
    "iac": "Individual autocorrelation (IAC)",
    "cluster_size_cv": "Variation of cluster size (CV)",
    "correlation": "Correlation with baseline",
    "attrition": "Loss to follow-up",
}
_RARE = {"cac", "iac"}  # only of designs over several periods, so not missed elsewhere


def declared_sections(plan: Plan) -> tuple[Section, ...]:
    """Return what was declared for the reader, each part in its own section."""
    parts = {
        "Missing data": missing_section(plan),
        "Sample size": _sample_size(plan.sample_size),
        CONFOUNDERS: confounders_section(plan),
        **(_of_groups(plan) if plan.arms else {}),
        "What the link workers did": _tidier(plan.tidier),
        "Words": _vocabulary(plan),
        "Registration and deviations": _governance(plan),
        "Small numbers": _disclosure(plan),
    }
    absent = [title for title, part in parts.items() if part is None]
    found = tuple(part for part in parts.values() if part is not None)
    if not absent:
        return found
    items = ListBlock(items=tuple(Item(text=title) for title in absent))
    return (*found, _section("absent", "Not stated in the plan", items))


def _of_groups(plan: Plan) -> dict[str, Section | None]:
    return {
        ADJUSTMENT: adjustment_section(plan),
        SUBGROUPS: subgroups_section(plan),
    }


def _section(name: str, title: str, *blocks: Block) -> Section:
    return Section(id=f"plan-{name}", title=title, blocks=blocks)


def _sample_size(size: SampleSize | None) -> Section | None:
    if size is None:
        return None
    table = ReportTable(
        id="plan-size-table",
        caption="Figures behind the sample size, with their sources",
        columns=(*heads("Figure", "Value"), *heads("Source")),
        rows=(*_sourced(size), *_lost(size)),
    )
    return _section(
        "size", "Sample size", Paragraph(text=_in_all(size)), table, Paragraph(text=AUDIT)
    )


def _sourced(size: SampleSize) -> Iterator[tuple[Cell, ...]]:
    for name, label in SIZES.items():
        given: Sourced | None = getattr(size, name)
        if given is not None:
            yield text(label), _number(given.value), text(given.source)
        elif name not in _RARE and not (name == "attrition" and size.dropout):
            yield text(label), Cell(value=None), text("Not stated")


def _lost(size: SampleSize) -> Iterator[tuple[Cell, ...]]:
    """What was expected to be lost by each wave."""
    if size.dropout is not None:
        for wave, share in size.dropout.shares.items():
            label = f"{SIZES['attrition']}, by {wave.replace('_', ' ')}"
            yield text(label), _number(share), text(size.dropout.source)


def _in_all(size: SampleSize) -> str:
    """Numbers planned, in a sentence."""
    parts = []
    if size.clusters_arm:
        parts.append(f"{' and '.join(f'{n:,}' for n in size.clusters_arm)} clusters in the groups")
    elif size.clusters:
        parts.append(f"{size.clusters:,} clusters")
    if size.size:
        parts.append(f"{size.size:g} people in each cluster")
    if size.people:
        parts.append(f"{size.people:,} people")
    numbers = " and ".join(parts) or "how many is not stated"
    power = f", for a power of {percent(size.power)}" if size.power else ""
    kind = f" Calculated as: {size.design}." if size.design else ""
    return f"Planned: {numbers}{power}.{kind}"


def _tidier(tidier: Tidier | None) -> Section | None:
    if tidier is None:
        return None
    rows = tuple((label, getattr(tidier, name, None)) for name, label in TIDIER.items())
    caption = "The programme under the twelve headings of TIDieR"
    table = pairs("plan-tidier-table", caption, rows)
    return _section("tidier", "What the link workers did", table)


def _vocabulary(plan: Plan) -> Section | None:
    vocabulary = plan.vocabulary
    if vocabulary is None:
        return None
    version = vocabulary.version or NOT_STATED.lower()
    blocks: list[Block] = [Paragraph(text=f"Version of the words given here: {version}.")]
    if vocabulary.file:
        blocks.append(Paragraph(text=f"File of further words: {vocabulary.file}."))
    if vocabulary.terms:
        table = ReportTable(
            id="plan-vocabulary-table",
            caption="Words of the files and the standard terms they stand for",
            columns=heads("List", "Word in the files", "Standard term", row_heads=3),
            rows=tuple(
                (text(name.replace("_", " ")), text(word), text(term))
                for name, terms in vocabulary.terms.items()
                for word, term in terms.items()
            ),
        )
        blocks.append(table)
    return _section("vocabulary", "Words", *blocks)


def _governance(plan: Plan) -> Section:
    held = plan.governance
    table = pairs(
        "plan-governance-table",
        "Registration, money and people",
        (
            ("Kind", held.kind.replace("_", " ").capitalize() if held.kind else None),
            ("Registration", held.registration),
            ("Funding", held.funding),
            ("How patients and the public were involved", held.ppi),
        ),
    )
    if not held.deviations:
        after: Block = Paragraph(text="Deviations from the plan: none stated.")
    else:
        after = ListBlock(
            items=tuple(Item(term="Deviation: ", text=words) for words in held.deviations)
        )
    return _section("governance", "Registration and deviations", table, after)


def _disclosure(plan: Plan) -> Section:
    rules = plan.disclosure
    table = pairs(
        "plan-disclosure-table",
        "How small numbers are kept out",
        (("Rule", PROFILES[rules.profile]), ("Reason for exact counts", rules.reason)),
    )
    return _section("disclosure", "Small numbers", table)


def _number(value: float) -> Cell:
    return Cell(value=value, format=Format.NUMBER, decimals=decimals_needed(value))
