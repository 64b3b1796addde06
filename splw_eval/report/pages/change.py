"""Change from the start, over those who were measured both times."""

from __future__ import annotations

from splw_eval.core.plan import language_of
from splw_eval.core.rows import ChangeRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.importance import mid_meaning
from splw_eval.report.pages.result_tables import by_wave, of_outcomes
from splw_eval.report.pages.titles import notes

FIELDS = ("n", "mean_baseline", "mean_wave", "estimate", "conf_low", "conf_high")
DETAIL = (
    "sd_baseline",
    "sd_wave",
    "sd_change",
    "std_error",
    "df",
    "effect_size",
    "clusters",
    "method",
)
SIGNED = frozenset({"estimate", "conf_low", "conf_high", "effect_size"})


def page(evidence: Evidence) -> Page:
    """Return the page of changes since the start."""
    result = evidence.change
    language = language_of(evidence.plan)
    warning = Callout(
        title="How to read a change",
        paragraphs=tuple(text for text in (language.caution, language.recruitment) if text),
    )
    primary, others = evidence.plan.primary, evidence.outcomes[1:]
    sections: list[Section] = []
    if select(result, primary.name):
        blocks = (warning, *_primary(evidence))
        sections.append(Section(id=f"change-{primary.name}", title=primary.label, blocks=blocks))
    found = tuple(e for o in others for e in select(result, o.name))
    if found:
        blocks = _others(evidence, found)
        sections.append(Section(id="change-others", title="The other outcomes", blocks=blocks))
    title = "Change since the start"
    return Page(id="change", title=title, sections=(*sections, *notes(result)))


def _primary(evidence: Evidence) -> tuple[Block, ...]:
    result, outcome = evidence.change, evidence.plan.primary
    main = by_wave(
        evidence,
        result,
        outcome,
        FIELDS,
        caption=f"{outcome.label}: mean change since the start, in {outcome.unit}",
        signed=SIGNED,
    )
    detail = by_wave(
        evidence,
        result,
        outcome,
        DETAIL,
        caption=f"{outcome.label}: further figures of the same changes",
        suffix="-detail",
        signed=SIGNED,
    )
    words = f"{say.scale(outcome)} {mid_meaning(evidence, outcome)}"
    return (Paragraph(text=words), main, _behind(detail))


def _behind(*tables: ReportTable) -> Fold:
    title = "What stands behind these changes"
    return Fold(title=title, file=tables[0].file, blocks=tables)


def _others(evidence: Evidence, found: tuple[Entry[ChangeRow], ...]) -> tuple[Block, ...]:
    """Return the scales, the changes at the wave of page one, and those at every wave, closed."""
    result, wave = evidence.change, evidence.answer_wave
    at_wave = tuple(e for e in found if e.row.wave == wave.name)
    scales = tuple(
        Item(term=f"{o.label}: ", text=f"{say.scale(o)} {mid_meaning(evidence, o)}")
        for o in evidence.outcomes[1:]
    )
    main, every, detail = (
        of_outcomes(
            evidence,
            result,
            rows,
            names,
            caption=f"Every other outcome: {words}",
            anchor=f"change-others{suffix}-table",
            signed=SIGNED,
        )
        for rows, names, words, suffix in (
            (at_wave, FIELDS, f"mean change since the start, at {say.small(wave.title)}", ""),
            (found, FIELDS, "mean change since the start, at every wave", "-every"),
            (found, DETAIL, "further figures of the same changes", "-detail"),
        )
    )
    if len(at_wave) == len(found):
        return (ListBlock(items=scales), main, _behind(detail))
    if not at_wave:
        return (ListBlock(items=scales), every, _behind(detail))
    fold = Fold(
        title="Every wave, and what stands behind these changes",
        file=detail.file,
        blocks=(every, detail),
    )
    return (ListBlock(items=scales), main, fold)
