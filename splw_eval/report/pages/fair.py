"""A fair comparison: how alike the groups were, and what is left once that is allowed for."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.report import fair_changes as changed
from splw_eval.report import fair_sentences as words
from splw_eval.report.blocks import (
    Block,
    Callout,
    FigureGroup,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages import fair_figures as drawn
from splw_eval.report.pages import fair_tables as tabled
from splw_eval.report.pages.titles import notes_section

PARTS = ("adjusted", "balance", "weighting", "practice_tests", "differences", "e_values")
TITLE = "A fair comparison"
OF_PEOPLE = (
    "Adjusting mends the mix of people. What practices differ in by themselves, such as staff or "
    "how they work, it leaves as it was."
)

OF_THE_LOST = (
    "The main answer stays that of page one, by the model of all waves. Here people without a "
    "score at that time are left out. If they were lost by how they had fared before, every figure "
    "here can be wrong; that model allows for it."
)
NOT_IN_MAIN = "But it is not adjusted for the plan's confounders; this page is."


def page(evidence: Evidence) -> Page:
    """Return the page of the comparison once confounders are allowed for.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Page
    """
    sections = (
        *_answer(evidence),
        *_balance(evidence),
        *_practices(evidence),
        *_changes(evidence),
        *_unmeasured(evidence),
        *_notes(evidence),
    )
    return Page(id="fair", title=TITLE, sections=sections)


def _answer(evidence: Evidence) -> tuple[Section, ...]:
    if not evidence.of("adjusted").rows:
        return ()
    outcome, pairs = evidence.plan.primary, words.compared(evidence)
    lead = tuple(
        Paragraph(
            text=words.answer(
                [e.row for e in words.of(evidence, "adjusted", pair)],
                [e.row for e in words.of(evidence, "practice_tests", pair)],
                outcome,
            ),
            lead=True,
        )
        for pair in pairs
    )
    figures = [drawn.by_method(evidence, pair, place) for place, pair in enumerate(pairs, 1)]
    figures += [drawn.love_plot(evidence, pair, place) for place, pair in enumerate(pairs, 1)]
    found = tuple(figure for figure in figures if figure is not None)
    caption = f"{outcome.label}: the difference, unadjusted and adjusted"
    main = tabled.table(evidence, "adjusted", tabled.by_method(), tabled.ADJUSTED, caption)
    blocks: tuple[Block, ...] = (
        *lead,
        *_few(evidence, pairs),
        Callout(title="What this allows for, and what not", paragraphs=tuple(_allows(evidence))),
        *((FigureGroup(figures=found),) if found else ()),
        main,
    )
    return (
        Section(
            id="fair-answer",
            title=f"{outcome.label}: is the difference still there?",
            blocks=blocks,
        ),
    )


def _few(evidence: Evidence, pairs: tuple[str, ...]) -> tuple[Callout, ...]:
    """Warn before the figures are read, where practices are very few."""
    said = dict.fromkeys(
        sentence
        for pair in pairs
        for sentence in words.few(
            [e.row for e in words.of(evidence, "adjusted", pair)],
            [e.row for e in words.of(evidence, "practice_tests", pair)],
        )
    )
    return (Callout(title="Too few practices to be sure", paragraphs=tuple(said)),) if said else ()


def _allows(evidence: Evidence) -> Iterator[str]:
    """Name what is adjusted for and what is not; say what adjusting cannot do."""
    named = dict.fromkeys(row.characteristic for row in evidence.of("balance").rows)
    told = [f"Allowed for: {'; '.join(named)}."] if named else []
    without = [c.name for c in evidence.plan.confounders if c.column is None]
    if without:
        told.append(f"Not measured, so not allowed for: {'; '.join(without)}.")
    elif not evidence.plan.confounders:
        told.append("The plan names no confounder, so nothing beyond the start is allowed for.")
    if told:
        yield " ".join(told)
    if any(row.clusters for row in evidence.of("adjusted").rows):
        yield OF_PEOPLE
    yield f"{OF_THE_LOST} {NOT_IN_MAIN}" if len(named) > 1 else OF_THE_LOST


def _balance(evidence: Evidence) -> tuple[Section, ...]:
    pairs = words.compared(evidence, "balance")
    if not pairs:
        return ()
    lead = (
        ("Characteristic", lambda row: row.characteristic),
        ("Level", lambda row: row.level or "–"),
    )
    told = tabled.table(
        evidence, "balance", lead, tabled.BALANCE, "Differences at the start, in SD"
    )
    people = tabled.table(
        evidence,
        "balance",
        lead,
        tabled.BALANCE_PEOPLE,
        "People behind these differences",
        suffix="-people",
    )
    weighed: tuple[ReportTable, ...] = ()
    if evidence.of("weighting").rows:
        group = (
            ("Group", lambda row: row.group),
            ("Stand for", lambda row: row.population),
        )
        weighed = (
            tabled.table(
                evidence, "weighting", group, tabled.WEIGHTS, "How many people a group is worth"
            ),
        )
    tables = (told, people, *weighed)
    blocks: tuple[Block, ...] = (
        *(
            Paragraph(text=words.balance(e.row for e in words.of(evidence, "balance", pair)))
            for pair in pairs
        ),
        _fold("Balance and weights in numbers", tables),
    )
    return (Section(id="fair-balance", title="How alike the groups were", blocks=blocks),)


def _fold(title: str, tables: tuple[ReportTable, ...]) -> Fold:
    return Fold(title=title, file=", ".join(dict.fromkeys(t.file for t in tables)), blocks=tables)


def _practices(evidence: Evidence) -> tuple[Section, ...]:
    rows = evidence.of("practice_tests").rows
    if not rows:
        return ()
    told = tabled.table(
        evidence,
        "practice_tests",
        tabled.tests_lead(rows),
        tabled.TESTS,
        "The difference judged by practices, by each rule for few of them",
    )
    detail = tabled.table(
        evidence,
        "adjusted",
        tabled.by_method(),
        tabled.ADJUSTED_DETAIL,
        "What stands behind the adjusted differences",
        suffix="-detail",
    )
    said = Paragraph(
        text=" ".join(
            dict.fromkeys(
                words.rules(e.row for e in words.of(evidence, "practice_tests", pair))
                for pair in words.compared(evidence, "practice_tests")
            )
        )
    )
    blocks = (said, _fold("Every rule, in numbers", (told, detail)))
    return (Section(id="fair-practices", title="By practices", blocks=blocks),)


def _changes(evidence: Evidence) -> tuple[Section, ...]:
    if not evidence.of("differences").rows:
        return ()
    said = tuple(
        Paragraph(
            text=changed.changes(
                (e.row for e in words.of(evidence, "differences", pair)),
                evidence.plan.primary,
            )
        )
        for pair in words.compared(evidence, "differences")
    )
    why = evidence.of("differences").notes[:1]
    told = tabled.table(
        evidence,
        "differences",
        tabled.by_method(),
        tabled.CHANGES,
        "Changes compared, beside scores given the start",
    )
    blocks: tuple[Block, ...] = (
        *said,
        *(Paragraph(text=note.sentence()) for note in why),
        _fold("Changes in numbers", (told,)),
    )
    return (Section(id="fair-changes", title="Changes, or people alike?", blocks=blocks),)


def _unmeasured(evidence: Evidence) -> tuple[Section, ...]:
    if not evidence.of("e_values").rows:
        return ()
    said = tuple(
        Paragraph(text=words.e_values(e.row for e in words.of(evidence, "e_values", pair)))
        for pair in words.compared(evidence, "e_values")
    )
    told = tabled.table(
        evidence, "e_values", (("For", lambda row: row.of),), tabled.E_VALUES, "E-values"
    )
    title = "What was not measured"
    return (Section(id="fair-unmeasured", title=title, blocks=(*said, told)),)


def _notes(evidence: Evidence) -> tuple[Section, ...]:
    """Return the notes of all parts, each said once; folded where there is anything to explain."""
    shown = (
        {n.sentence() for n in evidence.of("differences").notes[:1]}
        if (evidence.of("differences").rows)
        else set()
    )
    said = dict.fromkeys(n.sentence() for key in PARTS for n in evidence.of(key).notes)
    items = ListBlock(items=tuple(Item(text=one) for one in said if one not in shown))
    if not items.items:
        return ()
    if not evidence.of("adjusted").rows:
        return (notes_section("fair-notes", items.items, shown=False),)
    fold = Fold(title="How this was made, and its limits", file="results.json", blocks=(items,))
    return (Section(id="fair-notes", title="Notes", blocks=(fold,)),)
