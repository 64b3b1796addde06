"""What these data cannot say, and what to ask for next time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from splw_eval.core.check_rows import CheckRow, Status
from splw_eval.core.rows import SupportRow
from splw_eval.report.blocks import Block, Item, ListBlock, Paragraph, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import whole
from splw_eval.report.pages.support import NOT_ANSWERED
from splw_eval.report.readers import wording as say

MOST = 5  # entries of a list: the evaluator's report has all
IN_THE_PLAN = re.compile(r" \(\[\[?[^()]*\)")
OF_THE_PLAN = re.compile(r"(?:,? (?:and|or)|;) [^.;]*study\.toml[^.;]*")
KEYS = re.compile(
    r"(?:, (?:and|or)|;) (?:(?!, (?:and|or) )[^.;])*?(?:\[|\w_\w|\.toml)(?:[^.;]|\.(?=\w))*"
)
KEY = re.compile(r"\[|\w_\w|\.toml")
IN_THE_PLAN_ONLY = "Whoever evaluates has to state it in the plan."
WHY = re.compile(r" \(with one, [^()]*\)")
NAMED = {
    "the table people": "a file of the people (age, sex, ethnicity, deprivation)",
    "the table episodes": "a file of referrals (dates, and the reason for each ending)",
    "the table contacts": "a log of contacts (date, minutes, how, whether attended)",
    "the table support": "a file of the support given (kind and level)",
    "the table link_workers": "a file of the link workers (role, hours, training)",
    "the table service_use": "use of the practice and the hospital",
    "the table clusters": "a file of the practices (people registered)",
    "the user's own prices": "unit costs",
    "a date of time zero": "the day from which time counts for each person",
    "a questionnaire of the catalogue": "a questionnaire that the program knows",
}
NOTHING = (
    "No data were lacking for the questions of this report. How sure each answer is stands beside "
    "it."
)
REVIEWERS = "Reviewers ask for each of these, and it is not there yet, or not as it should be:"
MORE = "{n} more stand in the evaluator's report."


def sections(evidence: Evidence) -> tuple[Section, ...]:
    """Return what cannot be said, with what is lacking; and what the audit says to ask for.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    open_ = [e.row for e in say.rows_of(evidence, "support") if e.row.answer == NOT_ANSWERED]
    items = tuple(Item(term=f"{gap}. ", text=words) for gap, words in _gaps(open_))
    blocks: tuple[Block, ...] = _short(items) if items else (Paragraph(text=NOTHING),)
    cannot = Section(id="cannot-say", title="What these data cannot say", blocks=blocks)
    return (cannot, *_ask(evidence))


def _gaps(rows: Iterable[SupportRow]) -> Iterator[tuple[str, str]]:
    """Yield each thing that stays open and what is lacking; last what asks for nothing new."""
    held: dict[str, dict[str, None]] = {}
    for row in rows:
        held.setdefault(row.gap, {}).update(dict.fromkeys(lacks(row.lacking)))
    asked: set[str] = set()
    again: list[str] = []
    for gap, lacking in held.items():
        if asked.issuperset(lacking):
            again.append(gap)
            continue
        asked.update(lacking)
        yield gap, f"Lacking: {'; '.join(lacking)}."
    for gap in again:
        yield gap, f"Lacking: {'; '.join(held[gap])}."


def lacks(words: str) -> tuple[str, ...]:
    """Return what a question lacks, without names of keys and tables of the plan."""
    parts = (WHY.sub("", IN_THE_PLAN.sub("", part)).strip() for part in words.split("; "))
    return tuple(NAMED.get(part, part) for part in parts)


def _short(items: tuple[Item, ...]) -> tuple[Block, ...]:
    """Return as many entries as there is room for, and say how many more there are."""
    held: tuple[Block, ...] = (ListBlock(items=items[:MOST]),)
    left = len(items) - MOST
    return (*held, Paragraph(text=MORE.format(n=whole(left)))) if left > 0 else held


def _ask(evidence: Evidence) -> tuple[Section, ...]:
    """Return what to ask for next: remedies of checks that are not reported."""
    rows: list[CheckRow] = [e.row for e in say.rows_of(evidence, "audit")]
    asked = [r for r in rows if r.status == Status.NOT_REPORTED and r.remedy]
    if not asked:
        return ()
    items = tuple(Item(term=f"{row.topic} ", text=remedy(row.remedy)) for row in _once(asked))
    blocks = (Paragraph(text=REVIEWERS), *_short(items))
    return (Section(id="ask-next", title="What to ask for next", blocks=blocks),)


def remedy(words: str) -> str:
    """Return what to do without keys of the plan, which are for whoever evaluates."""
    plain = OF_THE_PLAN.sub("", KEYS.sub("", words))
    return IN_THE_PLAN_ONLY if KEY.search(plain) else plain


def _once(rows: Iterable[CheckRow]) -> tuple[CheckRow, ...]:
    """Return one check for each remedy, in the order of the checklist."""
    return tuple({row.remedy: row for row in reversed(list(rows))}.values())[::-1]
