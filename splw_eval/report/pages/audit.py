"""What reviewers will ask: the gaps of earlier studies, and whether this one leaves them open."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.check_rows import CheckRow, Kind, Status
from splw_eval.report.blocks import Block, Item, ListBlock, Page, Paragraph, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages.places import places
from splw_eval.report.pages.titles import notes

KEY = "audit"
TITLE = "What reviewers will ask: the gaps of earlier studies"
GAPS = {
    "G1": "How people were followed up, stage by stage",
    "G2": "Other reasons for a difference",
    "G3": "Questionnaires that are known and used alike",
    "G4": "How large the study had to be",
    "G5": "Terms that mean one thing",
    "G6": "Who the link workers were",
    "G7": "How much support there was, and of what kind",
    "G8": "Who the people were, and how ill",
    "G9": "Who left, and why",
    "G10": "How the researchers' own part was thought about",
}
# A word and a sign, never colour alone; in this order, so that what is left to do stands first.
SIGNS = {
    Status.NOT_REPORTED: ("✗", "Not reported"),
    Status.NEEDS_AUTHOR: ("?", "Needs author"),
    Status.REPORTED: ("✓", "Reported"),
    Status.NOT_APPLICABLE: ("–", "Not applicable"),
}
ABOUT = (
    "Reviewers of earlier studies found the same gaps again and again. Here this study is held "
    "against each of them, from the plan and from the figures of this report."
)
NOTHING_LEFT = "Every check that a program can make is reported or does not apply."
FILE = "The same, for other programs: tables/audit.csv."


def page(evidence: Evidence) -> Page:
    """Return the page of the gap audit."""
    rows = tuple(evidence.of(KEY).rows)
    if not rows:
        return Page(id=KEY, title=TITLE, sections=notes(evidence.of(KEY)))
    gaps = dict.fromkeys(row.item for row in rows)
    return Page(
        id=KEY,
        title=TITLE,
        sections=(_about(evidence), _left_to_do(rows), *(_section(gap, rows) for gap in gaps)),
    )


def _about(evidence: Evidence) -> Section:
    meanings = {
        Status.NOT_REPORTED: "it is not there, or not as it should be; what to do stands beside.",
        Status.NEEDS_AUTHOR: "no program can tell; somebody has to write it.",
        Status.REPORTED: "it is there; where, stands beside it.",
        Status.NOT_APPLICABLE: "it is not asked of a study like this one.",
    }
    signs = tuple(
        Item(term=f"{sign} {word}: ", text=meanings[status])
        for status, (sign, word) in SIGNS.items()
    )
    blocks: tuple[Block, ...] = (
        Paragraph(text=ABOUT, lead=True),
        *(Paragraph(text=note.sentence()) for note in evidence.of(KEY).notes),
        ListBlock(items=signs),
        Paragraph(text=FILE),
    )
    return Section(id="audit-about", title="How to read this", blocks=blocks)


def _left_to_do(rows: tuple[CheckRow, ...]) -> Section:
    """List what to do about everything that is not reported, before any of the rest."""
    missing = [row for row in rows if row.status == Status.NOT_REPORTED]
    items = tuple(Item(term=f"{row.item}: ", text=f"{row.topic} {row.remedy}") for row in missing)
    block = ListBlock(items=items) if items else Paragraph(text=NOTHING_LEFT)
    return Section(id="audit-left", title="What is left to do", blocks=(block,))


def _section(gap: str, rows: tuple[CheckRow, ...]) -> Section:
    held = [row for row in rows if row.item == gap]
    ordered = [row for status in SIGNS for row in held if row.status == status]
    blocks = (
        Paragraph(text=_counts(held)),
        ListBlock(items=tuple(_item(row) for row in ordered)),
    )
    title = f"{GAPS[gap]} ({gap})" if gap in GAPS else gap
    return Section(id=f"audit-{gap.lower()}", title=title, blocks=blocks)


def _counts(rows: list[CheckRow]) -> str:
    """Say how many checks came to what; never a share of them."""
    said = [
        f"{len(found)} {status.value}"
        for status in SIGNS
        if (found := [row for row in rows if row.status == status])
    ]
    return f"Checks: {', '.join(said)}."


def _item(row: CheckRow) -> Item:
    sign, word = SIGNS[Status(row.status)]
    links = tuple(places(_keys(row)))
    pages = "; ".join(title for title, _ in links)
    parts = (
        row.topic,
        row.evidence,
        f"What to do: {row.remedy}" if row.remedy else "",
        f"Shown on: {pages}." if pages else "",
    )
    return Item(term=f"{sign} {word}. ", text=" ".join(part for part in parts if part), links=links)


def _keys(row: CheckRow) -> Iterator[str]:
    yield from filter(None, row.results.split(", "))
    if row.kind == Kind.DECLARED or "study.toml" in row.evidence:
        yield "plan"
