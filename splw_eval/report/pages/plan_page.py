"""The plan as it was declared: every section of study.toml in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from splw_eval.core.card_rows import InstrumentRow
from splw_eval.core.plan import File, Outcome, Plan, Wave
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Cell,
    Format,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import as_planned, decimals_needed
from splw_eval.report.pages.plan_declared import declared_sections
from splw_eval.report.pages.plan_groups import groups_section
from splw_eval.report.pages.titles import DESIGNS, NOT_STATED, heads, pairs, text

EVENTS = {
    "referral": "Referral",
    "consent": "Consent",
    "allocation": "Allocation to a group",
    "baseline": "The first measurement",
    "index_date": "An index date",
}
TABLES = {
    "people": "People",
    "measures": "Scores",
    "episodes": "Episodes",
    "contacts": "Contacts",
    "support": "Support and activities",
    "link_workers": "Link workers",
    "clusters": "Practices",
    "service_use": "Use of services",
}
LAYOUTS = {"people": "A row for each person", "measures": "A row for each wave"}
DIRECTIONS = {"higher_is_better": "Higher is better", "lower_is_better": "Lower is better"}
PICKS = {
    "nearest": "the date nearest to the planned day",
    "first": "the first date",
    "last": "the last date",
}

_ALIKE = {
    "cluster": "People of one practice, where the files name it",
    "link_worker": "People of one link worker, where the files name them",
}


def page(evidence: Evidence) -> Page:
    """Return the page of the plan."""
    plan = evidence.plan
    sections = (
        _design(plan),
        _waves(plan),
        _outcomes(plan, {row.outcome: row for row in evidence.of("instruments").rows}),
        groups_section(plan),
        _estimand(plan),
        *declared_sections(plan),
    )
    return Page(id="plan", title="The plan", sections=sections)


def _design(plan: Plan) -> Section:
    table = pairs(
        "plan-design-table",
        "Design and dates",
        (
            ("Design", DESIGNS[plan.design]),
            ("Plan fixed on", say.day(plan.dated)),
            ("Data first seen on", say.day(plan.data_seen)),
            ("Planned before the data were seen", say.before_data(plan)),
            ("Files cover dates up to", say.day(plan.data_cut)),
            ("Whom intervals are planned to take as alike", _ALIKE[plan.interval_by]),
            ("Seed of everything random", str(plan.seed)),
        ),
    )
    done = "What was done where a file names nobody's practice or link worker stands in the notes."
    files = ReportTable(
        id="plan-files-table",
        caption="Files",
        columns=heads("File", "Holds", "Layout", "Codes that mean missing", row_heads=4),
        rows=tuple(
            (
                text(file.path),
                text(TABLES[file.table]),
                text(_layout(file)),
                text(_codes(file.missing_codes)),
            )
            for file in plan.files
        ),
    )
    return Section(
        id="plan-design",
        title="Design, dates and files",
        blocks=(table, Paragraph(text=done), files),
    )


def _layout(file: File) -> str:
    if file.layout == "wide" and file.table == "measures":
        return LAYOUTS["people"]
    return LAYOUTS.get(file.table, "A row for each record")


def _codes(codes: dict[str, dict[str, str]]) -> str:
    found = {
        f"{code} ({means})" for by_column in codes.values() for code, means in by_column.items()
    }
    return ", ".join(sorted(found)) or "None declared"


def _waves(plan: Plan) -> Section:
    waves = ReportTable(
        id="plan-waves-table",
        caption="Waves of measurement",
        columns=(*heads("Wave", "Planned month"), *heads("Days that count, from the planned day")),
        rows=tuple((text(w.title), _number(w.month), text(_window(w))) for w in plan.waves),
    )
    labels = {arm.value: arm.label for arm in plan.arms}
    zero = ReportTable(
        id="plan-zero-table",
        caption="The day from which time counts",
        columns=heads("Group", "Event", "Was its date kept?", row_heads=3),
        rows=tuple(
            (
                text(labels.get(z.arm or "", "Everyone")),
                text(EVENTS[z.event]),
                text(f"Yes, in the column {z.column}" if z.column else "No date was kept"),
            )
            for z in plan.time_zero
        ),
    )
    pick = (
        f"Where several dates fall in one window, {PICKS[plan.pick]} counts."
        if plan.pick
        else "The plan states no rule for several dates in one window."
    )
    return Section(
        id="plan-waves", title="Time and waves", blocks=(zero, waves, Paragraph(text=pick))
    )


def _window(wave: Wave) -> str:
    if wave.window_days is None:
        return NOT_STATED
    first, last = (as_planned(day).replace("+", "") for day in wave.window_days)
    return f"{first} to {last}"


def _outcomes(plan: Plan, cards: Mapping[str, InstrumentRow]) -> Section:
    items = tuple(
        Item(term=f"{o.label} ({o.role} outcome): ", text=_outcome(o, cards.get(o.name)))
        for o in plan.outcomes
    )
    return Section(id="plan-outcomes", title="Outcomes", blocks=(ListBlock(items=items),))


def _tested(outcome: Outcome, card: InstrumentRow | None) -> tuple[tuple[str, str | None], ...]:
    """Where a questionnaire was tested, asked of those that the catalogue does not know."""
    known = card is not None and card.instrument is not None
    return (
        () if known and not outcome.validation else (("Where it was tested", outcome.validation),)
    )


def _outcome(outcome: Outcome, card: InstrumentRow | None) -> str:
    """Say in one line what is declared of an outcome, and what is not stated."""
    low, high = (as_planned(end) for end in outcome.range)
    mid = outcome.mid
    declared = (
        ("", card.title if card else outcome.instrument),
        *_of_the_catalogue(card),
        ("Version", outcome.version),
        ("Value set", outcome.value_set),
        ("Coding", outcome.coding),
        *_tested(outcome, card),
        ("Range", f"{low} to {high} {outcome.unit}"),
        ("Direction", DIRECTIONS[outcome.direction].lower()),
        ("MID", f"{as_planned(mid.value)} {outcome.unit} ({mid.source})" if mid else None),
        ("Scores outside the range", _outside(outcome)),
    )
    said = [f"{name}: {words}" if name else words for name, words in declared if words]
    absent = [name if name == "MID" else name.lower() for name, words in declared if not words]
    if absent:
        said.append(f"{NOT_STATED}: {', '.join(absent)}")
    return "; ".join(words.rstrip(".") for words in said) + "."


def _of_the_catalogue(card: InstrumentRow | None) -> tuple[tuple[str, str | None], ...]:
    """Return which score of the catalogue was asked for, and what its scoring was told."""
    if card is None or card.instrument is None:
        return ()
    told = card.options or "Nothing needs to be told"
    return (
        ("Name in the catalogue", card.instrument),
        ("Score", card.score),
        ("What the scoring was told", told),
    )


def _outside(outcome: Outcome) -> str:
    if outcome.out_of_range == "missing":
        return "set to missing and counted"
    return "stop the analysis until corrected"


def _estimand(plan: Plan) -> Section:
    estimand, contrast = plan.estimand, plan.estimand.contrast
    titles = {wave.name: wave.title for wave in plan.waves}
    waves = ", ".join(titles[name] for name in contrast.waves)
    kinds = {
        "wave": f"At one wave: {waves}",
        "mean": f"Average over the waves: {waves}",
        "slope": "Trend over all waves",
    }
    table = pairs(
        "plan-estimand-table",
        "The question in one line each",
        (
            ("Population", estimand.population),
            ("Outcome", plan.primary.label),
            ("Primary contrast", kinds[contrast.kind]),
            ("Summary", estimand.summary),
            ("People who stop seeing the link worker", estimand.disengagement),
            ("Death", estimand.death),
            ("Moving to another practice", estimand.moving_practice),
        ),
    )
    return Section(id="plan-estimand", title="What is to be estimated", blocks=(table,))


def _number(value: float) -> Cell:
    return Cell(value=value, format=Format.NUMBER, decimals=decimals_needed(value))
