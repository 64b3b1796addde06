"""Rules about words: the vocabulary, stages and code lists (G5)."""

from __future__ import annotations

import re

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.found import said
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)

UNMAPPED, UNKNOWN_TERM, TWO_WAYS = "SW59", "SW57", "SW58"
NO_FILE = "SW56"
# Lists of the columns that the codebook says must be kept; a test holds them against it.
REQUIRED_LISTS = frozenset(
    {
        "close_reason", "employer_type", "ethnicity", "mode", "referrer", "sex",
        "support_category", "support_level",
    }
)  # fmt: skip
_LIST = re.compile(r"the list (\w+) of the vocabulary")
_CODED = frozenset({"people", "episodes", "contacts", "support", "link_workers"})
_JOINTS = re.compile(r"[\s._\-\u2010-\u2014]+")


def required_fields_mapped(facts: Facts) -> Verdict:
    """Every word of a required column is one of the vocabulary."""
    if not _CODED & facts.tables():
        return not_applicable("No file holds words of the vocabulary.")
    told = facts.told(UNMAPPED, UNKNOWN_TERM)
    required = tuple(f for f in told if f.code == UNKNOWN_TERM or _required(f.problem))
    if required:
        return not_reported(
            said(required),
            "Say in [vocabulary.terms] what these words stand for, and run it again.",
            *(("findings",) if facts.read else ()),
        )
    others = " Words of other columns are not all known." if told else ""
    return reported(f"Every word of a required column stands for a term.{others}", "findings")


def _required(problem: str) -> bool:
    named = _LIST.search(problem)
    return named is None or named[1] in REQUIRED_LISTS


def stages_defined(facts: Facts) -> Verdict:
    """Each stage and each level of support says what it was read from."""
    stages = [row for row in facts.rows("uptake") if row.passed is not None]
    undefined = [row.stage for row in stages if not row.source.strip()]
    if facts.rows("levels") and "level" not in facts.notes("dose", "levels").casefold():
        undefined.append("levels of support")
    if undefined:
        return not_reported(
            f"Used without saying what they are: {', '.join(dict.fromkeys(undefined))}.",
            "Say which column or rule stands for each.",
            "uptake",
        )
    if not stages:
        return not_applicable("No stages of referral are told.")
    return reported("Each stage names the columns that it is read from.", "uptake")


def code_list_has_version(facts: Facts) -> Verdict:
    """The list of words that was used can be found again by its version."""
    held = facts.plan.vocabulary
    if facts.found(NO_FILE):
        return not_reported(
            f"The vocabulary file cannot be used ({NO_FILE}).",
            "Correct the file, and give it a version.",
        )
    if held is None or not (held.terms or held.file):
        if not _CODED & facts.tables():
            return not_applicable("No file holds words of the vocabulary.")
        return reported("Only the words of the package are used; they have its version.")
    if held.file is None and not own_words(held.version):
        return not_reported(
            "Own words are given in [vocabulary.terms], without a version.",
            "State version under [vocabulary]: a number or a date.",
        )
    key = "file, which states its version" if held.file else "version"
    return reported(f"Stated in study.toml: [vocabulary] {key}.")


def one_term_one_way(facts: Facts) -> Verdict:
    """No word stands for two terms of one list."""
    told = facts.told(TWO_WAYS)
    held = facts.plan.vocabulary
    twice = [name for name, words in (held.terms if held else {}).items() if _two_ways(words)]
    if told or twice:
        named = said(told) if told else f"A word stands for two terms in: {', '.join(twice)}."
        return not_reported(named, "Leave each word with one term of its list.")
    return reported("No word stands for two terms of one list.")


def _two_ways(words: dict[str, str]) -> bool:
    """Whether words that read the same stand for different terms."""
    meanings: dict[str, set[str]] = {}
    for word, term in words.items():
        meanings.setdefault(_JOINTS.sub("", word.casefold()), set()).add(term)
    return any(len(terms) > 1 for terms in meanings.values())


RULES = {
    "required_fields_mapped": Rule(
        judge=required_fields_mapped,
        collects=f"the words of {', '.join(sorted(_CODED))}; see the codebook for their terms",
        codes=(UNMAPPED, UNKNOWN_TERM),
    ),
    "stages_defined": Rule(
        judge=stages_defined,
        collects="episodes: person, referral_date, accepted, first_contact_date, close_date, "
        "close_reason",
    ),
    "code_list_has_version": Rule(judge=code_list_has_version),
    "one_term_one_way": Rule(judge=one_term_one_way),
}
