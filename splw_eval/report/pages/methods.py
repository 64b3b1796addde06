"""How every figure was made, from what, and how to make it again."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Item, ListBlock, Page, Paragraph, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages import reproducibility

READING = (
    ("Who was measured: ", "people expected are those in the study less those not yet due at a "
     "wave. Those expected and not measured are missing."),
    ("Scores: ", "mean and standard deviation of all who were measured at a wave. Those measured "
     "at one wave may not be those measured at another."),
    ("Change: ", "mean of each person's score at a wave less their score at the start, over "
     "those who have both. Nothing is filled in for those who have not."),
    ("Better and worse: ", "people whose own change is at least as large as the MID, for the "
     "better or for the worse. The rest are within it. The same is counted for each other size "
     "of change that was called important."),
    ("Reliable change: ", "people whose own change is larger than the error of measurement would "
     "often make it."),
)  # fmt: skip
WITHOUT_A_PAGE = ("setting",)  # page one has its figures, and no room for notes
DIGITS = (
    "Means, intervals and SDs have only as many digits as leave the number of people open. With "
    "more, they could be set against each other to find it."
)


def page(evidence: Evidence) -> Page:
    """Return the page of methods and provenance."""
    sections = [
        _how(evidence),
        *_sources(evidence),
        _small_numbers(evidence),
        *reproducibility.sections(evidence.provenance),
    ]
    return Page(id="methods", title="Methods", sections=tuple(sections))


def _how(evidence: Evidence) -> Section:
    items = [Item(term=term, text=text) for term, text in READING]
    items += [
        Item(term=f"{evidence.of(key).title}: ", text=note.sentence())
        for key in WITHOUT_A_PAGE
        for note in evidence.of(key).notes
    ]
    others = Paragraph(text="Notes on every other result stand on its own page.")
    blocks = (ListBlock(items=tuple(items)), others)
    return Section(id="methods-how", title="How each figure was made", blocks=blocks)


def _sources(evidence: Evidence) -> tuple[Section, ...]:
    found = dict.fromkeys(s for result in evidence.results() for s in result.sources)
    if not found:
        return ()
    block = ListBlock(items=tuple(Item(text=source) for source in found))
    return (Section(id="methods-sources", title="Sources", blocks=(block,)),)


def _small_numbers(evidence: Evidence) -> Section:
    disclosures = [r.disclosure for r in evidence.results() if r.disclosure]
    rules = dict.fromkeys(d.rule for d in disclosures)
    blocks: list[Block] = [Paragraph(text=rule) for rule in rules]
    if any(result.decimals for result in evidence.results()):
        blocks.append(Paragraph(text=DIGITS))
    if evidence.exact:
        blocks.append(Paragraph(text=f"{evidence.exact}."))
    return Section(id="methods-small", title="Small numbers", blocks=tuple(blocks))
