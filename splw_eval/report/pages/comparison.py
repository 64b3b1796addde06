"""The groups compared, or one group over time, by the model that the plan asks for."""

from __future__ import annotations

from splw_eval.core.model_rows import ANCOVA, PRIMARY, ContrastRow
from splw_eval.core.plan import language_of
from splw_eval.report import contrast_sentences as words
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    Item,
    Page,
    Paragraph,
    Plain,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.importance import mid_meaning
from splw_eval.report.pages import comparison_figures as drawn
from splw_eval.report.pages.comparison_checks import checks
from splw_eval.report.pages.result_tables import by_wave, listed, of_outcomes
from splw_eval.report.pages.titles import notes_section

FIELDS = ("estimate", "conf_low", "conf_high", "n")
DETAIL = ("n", "n_smaller", "std_error", "df", "clusters", "method")
SIGNED = frozenset({"estimate", "conf_low", "conf_high"})
PARTS = (
    "contrasts",
    "model_means",
    "model_people",
    "methods_compared",
    "ratios",
    "residuals",
    "influence",
)
TABLE = "contrasts-primary-table"
EFFECT = (
    "Chance decided the groups, and people were found in the same way in each. So this is an "
    "estimate of the effect of the programme, as far as those lost were like those who stayed with "
    "the same earlier scores."
)
MISSING = (
    "People who were lost may have gone on otherwise than others with the same earlier scores. The "
    "model cannot tell, and no data can."
)


def title(evidence: Evidence) -> str:
    """Return what the page is called."""
    return "The groups compared" if evidence.plan.arms else "Change, by a model of all waves"


def page(evidence: Evidence) -> Page:
    """Return the page of the comparison, or of the change of one group."""
    sections = (
        _answer(evidence),
        *_others(evidence),
        *checks(evidence),
        *_notes(evidence),
    )
    return Page(id="comparison", title=title(evidence), sections=sections)


def _answer(evidence: Evidence) -> Section:
    outcome, found = evidence.plan.primary, words.primary(evidence)
    lead: list[Block] = [
        Paragraph(
            text=f"{words.answer(evidence, e)} {words.against_mid(e, outcome, evidence)}".strip(),
            lead=True,
        )
        for e in found
    ]
    if not found:
        lead = [Paragraph(text=_no_answer(evidence), lead=True)]
    scale = Paragraph(text=f"{say.scale(outcome)} {mid_meaning(evidence, outcome)}")
    blocks = (*lead, scale, Callout(title="What this rests on", paragraphs=_rests_on(evidence)))
    return Section(
        id="comparison-answer",
        title=f"{outcome.label}: the answer",
        blocks=(*blocks, *_figures(evidence), *_tables(evidence)),
    )


def _no_answer(evidence: Evidence) -> str:
    """Say that there is no answer, and why, as far as the result tells."""
    held = evidence.of("contrasts")
    why = next((n.sentence() for n in held.notes), "") if not held.rows else ""
    named = evidence.plan.primary.label
    reason = next((n.sentence() for n in held.notes if n.sentence().startswith(named)), why)
    return f"The plan's main question could not be answered by a model. {reason}".strip()


def _rests_on(evidence: Evidence) -> tuple[str, ...]:
    language = language_of(evidence.plan)
    start = EFFECT if language.causal else language.recruitment or language.caution
    return (start, MISSING)


def _figures(evidence: Evidence) -> tuple[Block, ...]:
    found: tuple[Figure | None, ...] = (
        drawn.against_mid(evidence, TABLE),
        drawn.means(evidence, f"model_means-{evidence.plan.primary.name}-table"),
    )
    figures = tuple(figure for figure in found if figure is not None)
    return (FigureGroup(figures=figures),) if figures else ()


def _of_primary(evidence: Evidence, key: str) -> tuple[Entry[object], ...]:
    name = evidence.plan.primary.name
    return tuple(e for e in entries(evidence.of(key)) if e.row.outcome == name)


def _tables(evidence: Evidence) -> tuple[Block, ...]:
    outcome, found = evidence.plan.primary, _of_primary(evidence, "contrasts")
    if not found:
        return ()
    main = _table(evidence, found, FIELDS, f"{outcome.label}: {_caption(evidence)}", TABLE)
    detail = _table(
        evidence, found, DETAIL, f"{outcome.label}: further figures", "contrasts-detail-table"
    )
    result = evidence.of("model_means")
    means = by_wave(
        evidence,
        result,
        outcome,
        ("n", "mean", "conf_low", "conf_high"),
        caption=f"{outcome.label}: mean score by the model",
    )
    folded = Fold(
        title="What stands behind these figures",
        file=f"{means.file}, {detail.file}",
        blocks=(means, detail),
    )
    return (main, folded)


def _caption(evidence: Evidence) -> str:
    return f"{words.what(evidence)} at each wave, by the model"


def _table(
    evidence: Evidence,
    found: tuple[Entry[object], ...],
    names: tuple[str, ...],
    caption: str,
    anchor: str,
) -> ReportTable:
    by_name = {outcome.name: outcome for outcome in evidence.outcomes}
    several = len({e.row.outcome for e in found}) > 1  # type: ignore[attr-defined]
    arms = len({e.row.compared for e in found}) > 1  # type: ignore[attr-defined]
    lead = (
        *((("Outcome", lambda row: by_name[row.outcome].label),) if several else ()),
        *((("Compared", lambda row: row.compared),) if arms else ()),
        ("When", _when_else if several else _when),
    )
    return listed(
        evidence.of("contrasts"),
        found,
        lead,
        names,
        caption=caption,
        anchor=anchor,
        places=lambda row: by_name[row.outcome].decimals,
        signed=SIGNED,
    )


def _when(row: ContrastRow) -> str:
    """Say when, and whether it is the main question or another method for it."""
    return f"{row.when} (the main question)" if row.part == PRIMARY else _when_else(row)


def _when_else(row: ContrastRow) -> str:
    """Say when, of an outcome that is not the main question."""
    return f"{row.when}, by ANCOVA" if row.part == ANCOVA else row.when


def _others(evidence: Evidence) -> tuple[Section, ...]:
    """Return the other outcomes: the plan's contrast of each, and all waves folded."""
    name = evidence.plan.primary.name
    order = {outcome.name: i for i, outcome in enumerate(evidence.outcomes)}
    others = sorted(
        (e for e in entries(evidence.of("contrasts")) if e.row.outcome != name),
        key=lambda e: order[e.row.outcome],
    )
    if not others:
        return ()
    first = tuple(e for e in others if e.row.part == PRIMARY) or tuple(others)
    main = _table(evidence, first, FIELDS, "Every other outcome: as the plan's main question",
                  "contrasts-others-table")  # fmt: skip
    waves = _table(evidence, tuple(others), FIELDS, f"Every other outcome: {_caption(evidence)}",
                   "contrasts-others-waves-table")  # fmt: skip
    detail = _table(evidence, tuple(others), DETAIL, "Every other outcome: further figures",
                    "contrasts-others-detail-table")  # fmt: skip
    means = _other_means(evidence)
    fold = Fold(
        title="Every wave, and what stands behind it",
        file=", ".join(dict.fromkeys((waves.file, means.file))),
        blocks=(*_drawn_others(evidence, first), waves, detail, means),
    )
    said = Paragraph(text=SEVERAL)
    blocks = (said, main, fold)
    return (Section(id="comparison-others", title="The other outcomes", blocks=blocks),)


SEVERAL = (
    "The main question is about the outcome above. Among so many other figures some will look "
    "large by chance alone."
)


def _drawn_others(evidence: Evidence, first: tuple[Entry[object], ...]) -> tuple[Plain, ...]:
    names = dict.fromkeys(e.row.outcome for e in first)  # type: ignore[attr-defined]
    figures = tuple(
        figure
        for outcome in evidence.outcomes
        if outcome.name in names
        for figure in (drawn.other(evidence, outcome, "contrasts-others-table"),)
        if figure is not None
    )
    return (FigureGroup(figures=figures),) if figures else ()


def _other_means(evidence: Evidence) -> ReportTable:
    name = evidence.plan.primary.name
    result = evidence.of("model_means")
    return of_outcomes(
        evidence,
        result,
        tuple(e for e in entries(result) if e.row.outcome != name),
        ("n", "mean", "conf_low", "conf_high"),
        caption="Every other outcome: mean score by the model",
        anchor="model-means-others-table",
    )


def _notes(evidence: Evidence) -> tuple[Section, ...]:
    """Return the notes of all parts, each said once."""
    said = dict.fromkeys(n.sentence() for key in PARTS for n in evidence.of(key).notes)
    if not said:
        return ()
    rows = any(evidence.of(key).rows for key in PARTS)
    items = (Item(text=sentence) for sentence in said)
    return (notes_section("comparison-notes", items, shown=rows),)
