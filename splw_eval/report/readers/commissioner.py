"""The commissioner's report: four sheets at most, the answer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from splw_eval.report.blocks import Block, Figure, FigureGroup, ListBlock, Page, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages import answer, glossary
from splw_eval.report.readers import (
    compared,
    fairness,
    fared,
    given_support,
    limits,
    money,
    reached,
    stayed,
    wording,
)

WORDS = "Words used here"
AS_TABLES = "The figures of this page as tables"


def first(evidence: Evidence) -> Page:
    """Return the page of the answer, without what the other pages tell."""
    return answer.page(evidence, brief=True)


def reach(evidence: Evidence) -> Page:
    """Return the page of who is reached, whether it is fair, who stays and what they got."""
    figures = tuple(f for group in reached.drawn(evidence) for f in group.figures)
    sections = (
        reached.section(evidence),
        fairness.section(evidence),
        _with_figures(stayed.section(evidence), (*figures, *stayed.drawn(evidence))),
        given_support.section(evidence),
    )
    tables = (
        *reached.tables(evidence),
        *stayed.tables(evidence),
        *given_support.tables(evidence),
    )
    folded = wording.folded(AS_TABLES, tables)
    return Page(
        id="reach-and-stay",
        title="Who is reached, who stays, and what they are given",
        sections=(*sections[:-1], _with(sections[-1], folded)),
    )


def outcome(evidence: Evidence) -> Page:
    """Return the page of who got better or worse, and compared with what."""
    figures = (*fared.drawn(evidence), *compared.drawn(evidence))
    tables = (*fared.tables(evidence), *compared.tables(evidence))
    sections = (
        _with_figures(fared.section(evidence), figures),
        compared.section(evidence),
        fairness.benefits(evidence),
    )
    held = tuple(section for section in sections if section is not None)
    folded = wording.folded(AS_TABLES, tables)
    return Page(
        id="outcome",
        title="How people fared",
        sections=(*held[:-1], _with(held[-1], folded)),
    )


def next_time(evidence: Evidence) -> Page:
    """Return the page of use and costs, of what these data cannot say, and what to ask for next."""
    return Page(
        id="next-time",
        title="Costs, limits, and what to ask for",
        sections=(*money.sections(evidence), *limits.sections(evidence)),
    )


def _with_figures(section: Section, figures: tuple[Figure, ...]) -> Section:
    return _with(section, (FigureGroup(figures=figures),) if figures else ())


def _with(section: Section, blocks: tuple[Block, ...]) -> Section:
    return replace(section, blocks=(*section.blocks, *blocks))


def with_words(evidence: Evidence, pages: Sequence[Page]) -> Page:
    """Return the last page with the meaning of the words that the report uses.

    Parameters
    ----------
    evidence : Evidence
    pages : sequence of Page
        All of its pages.

    Returns
    -------
    Page
    """
    items = glossary.entries(evidence, pages, brief=True)
    if not items:
        return pages[-1]
    section = Section(id="words", title=WORDS, blocks=(ListBlock(items=items),))
    return replace(pages[-1], sections=(*pages[-1].sections, section))
