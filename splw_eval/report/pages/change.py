"""Change from the start, over those who were measured both times."""

from __future__ import annotations

from splw_eval.core.plan import Outcome, language_of
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Block, Callout, Page, Paragraph, Section
from splw_eval.report.evidence import Evidence, select
from splw_eval.report.pages.result_tables import by_wave
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
    sections: list[Section] = []
    for outcome in evidence.outcomes:
        if select(result, outcome.name):
            lead: tuple[Block, ...] = () if sections else (warning,)
            blocks = (*lead, *_tables(evidence, outcome))
            sections.append(
                Section(id=f"change-{outcome.name}", title=outcome.label, blocks=blocks)
            )
    title = "Change since the start"
    return Page(id="change", title=title, sections=(*sections, *notes(result)))


def _tables(evidence: Evidence, outcome: Outcome) -> tuple[Block, ...]:
    result = evidence.change
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
    return (Paragraph(text=f"{say.scale(outcome)} {say.mid_meaning(outcome)}"), main, detail)
