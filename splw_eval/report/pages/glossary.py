"""The words that a report uses, each explained once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from splw_eval.core.plan import Plan
from splw_eval.report.blocks import Item, ListBlock, Page, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.running_text import running_text

WORKER = "link worker"
ALSO = " Also met: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word with its meaning.

    Attributes
    ----------
    term, text : str
    find : tuple of str
        Forms by which it is known that a report uses the word.
    brief : bool
        Whether a report of few pages explains it too.
    """

    term: str
    text: str
    find: tuple[str, ...]
    brief: bool = False


@cache
def terms() -> tuple[Term, ...]:
    """Return all words that are explained, in the order of the documentation."""
    content = files("splw_eval.report").joinpath("glossary.toml").read_text("utf-8")
    return tuple(Term(**(t | {"find": tuple(t["find"])})) for t in tomllib.loads(content)["terms"])


def page(evidence: Evidence, pages: Iterable[Page]) -> Page:
    """Return the page of the words that other pages use.

    Parameters
    ----------
    evidence : Evidence
    pages : iterable of Page
        The other pages of the report.

    Returns
    -------
    Page
    """
    items = entries(evidence, pages)
    section = Section(id="glossary-terms", title="Words", blocks=(ListBlock(items=items),))
    return Page(id="glossary", title="What the words mean", sections=(section,))


def entries(evidence: Evidence, pages: Iterable[Page], *, brief: bool = False) -> tuple[Item, ...]:
    """Return the words that some pages use, by the alphabet.

    Parameters
    ----------
    evidence : Evidence
    pages : iterable of Page
    brief : bool
        Whether to leave out other words for the same thing, and what is explained in its place.

    Returns
    -------
    tuple of Item
    """
    said = "\n".join(running_text(pages, headings=True))
    looked = (t for t in terms() if t.brief or not brief)
    used = sorted((t for t in looked if is_used(t, said)), key=lambda t: t.term.lower())
    return tuple(
        Item(term=f"{t.term}: ", text=_meaning(t, evidence.plan, brief=brief)) for t in used
    )


def is_used(term: Term, said: str) -> bool:
    """Whether any form of a word stands in a text; a form with capitals only as it is."""
    return any(
        re.search(
            rf"(?<!\w){re.escape(form)}(?!\w)",
            said,
            re.IGNORECASE if form == form.lower() else 0,
        )
        for form in term.find
    )


def _meaning(term: Term, plan: Plan, *, brief: bool) -> str:
    text = term.text.partition(ALSO)[0] if brief else term.text
    text = f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text
    local = local_titles(plan) if term.term == WORKER else ()
    return f"{text} Called here: {', '.join(local)}." if local else text


def local_titles(plan: Plan) -> tuple[str, ...]:
    """Return what a service calls its link workers, as the vocabulary of the plan tells it."""
    words = plan.vocabulary.terms.get("worker", {}) if plan.vocabulary else {}
    return tuple(word for word, standard in words.items() if standard == WORKER)
