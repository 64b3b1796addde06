"""The one page of what could not be shown, and notes that a page says once."""

from __future__ import annotations

from splw_eval.report.blocks import Fold, Item, ListBlock, Page, Paragraph, Section
from splw_eval.report.pages import not_shown
from splw_eval.report.pages.said_once import said_once
from splw_eval.report.pages.titles import notes_section

FULL = Page(
    id="full",
    title="Full",
    sections=(Section(id="s", title="Part", blocks=(Paragraph(text="Words."),)),),
)


def empty(name: str, *parts: tuple[str, ...]) -> Page:
    sections = tuple(
        notes_section(f"{name}-{i}", (Item(text=words) for words in part), shown=False)
        for i, part in enumerate(parts)
    )
    return Page(id=name, title=name.title(), sections=sections)


def test_a_report_in_which_every_page_shows_something_has_no_such_page():
    assert not_shown.page([FULL]) is None


def test_each_empty_page_is_a_section_that_its_links_still_find():
    made = not_shown.page([empty("reach", ("No file.",)), FULL, empty("costs", ("No prices.",))])
    assert made is not None
    _, *held = made.sections
    assert [(s.id, s.title) for s in held] == [("reach", "Reach"), ("costs", "Costs")]
    assert [s.blocks for s in held] == [
        (Paragraph(text="No file."),),
        (Paragraph(text="No prices."),),
    ]


def test_reasons_of_several_results_of_a_page_are_each_said_once():
    made = not_shown.page([empty("reach", ("No file.", "No list."), ("No file.",))])
    assert made is not None
    (block,) = made.sections[-1].blocks
    assert block == ListBlock(items=(Item(text="No file."), Item(text="No list.")))


def test_a_page_without_any_reason_is_not_passed_over_in_silence():
    made = not_shown.page([empty("reach")])
    assert made is not None
    assert made.sections[-1].blocks == (Paragraph(text=not_shown.UNSAID),)


def test_a_fold_tells_only_what_the_page_has_not_told_before():
    def fold(*said: str) -> Fold:
        items = tuple(Item(text=words) for words in said)
        return Fold(title="Made", file="results.json", blocks=(ListBlock(items=items),))

    first = Section(id="s0", title="Part", blocks=(Paragraph(text="One."), fold("One.", "Two.")))
    second = Section(id="s1", title="Part", blocks=(fold("Two."), fold("Two.", "Three.")))
    made = said_once(Page(id="p", title="P", sections=(first, second)))
    assert made.sections[0].blocks == (Paragraph(text="One."), fold("Two."))
    assert made.sections[1].blocks == (fold("Three."),)
