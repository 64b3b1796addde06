"""Rules about questionnaires and their scores (G3)."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.found import passes_without
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.plan import Outcome

OUTSIDE = ("SW03", "SW110", "SW74", "SW85")
SET_MISSING = ("SW18", "SW111")
MIXED = ("SW72", "SW73", "SW136", "SW139")
CHANGED = ("SW71",)
_ITEMS = "measures: person, wave, and the answers to the items of each questionnaire or its score"
_NO_SOURCE = frozenset({"", "?", "-", "none", "unknown", "not known", "tbc", "n/a"})


def scores_in_range(facts: Facts) -> Verdict:
    """No score and no answer lies where its questionnaire has none."""
    set_missing = facts.found(*SET_MISSING)
    if set_missing and not facts.found(*OUTSIDE):
        return reported(
            "Scores outside the range were set to missing, as the plan asks, and are counted "
            f"({', '.join(set_missing)}).",
            "findings",
        )
    return passes_without(
        facts,
        OUTSIDE,
        'Correct them, or set out_of_range = "missing" in [[outcomes]], which counts them.',
        "No score or answer was found outside its range.",
        "floor_ceiling",
    )


def version_known(facts: Facts) -> Verdict:
    """Of each outcome it is known which version of which questionnaire it is."""
    known = {row.outcome for row in facts.rows("instruments") if row.instrument is not None}
    known |= {o.name for o in facts.plan.outcomes if _left_to_catalogue(o, facts)}
    known |= {o.name for o in facts.plan.outcomes if own_words(o.version)}
    without = [o.label for o in facts.plan.outcomes if o.name not in known]
    if without:
        return not_reported(
            f"No version is stated for: {'; '.join(without)}.",
            "State version under [[outcomes]], or name a questionnaire of the catalogue "
            "(splw-eval instruments).",
            *(("instruments",) if facts.read else ()),
        )
    return reported(
        f"Each questionnaire {'stands in' if facts.read else 'is left to'} the catalogue, or "
        "study.toml states its version.",
        *(("instruments",) if facts.rows("instruments") else ()),
    )


def _left_to_catalogue(outcome: Outcome, facts: Facts) -> bool:
    """Whether the plan leaves the range to the catalogue, which is asked when files are read."""
    return not facts.read and outcome.stated_range is None


def forms_not_mixed(facts: Facts) -> Verdict:
    """Scores of one outcome are of one form, one scoring and one value set."""
    return passes_without(
        facts,
        MIXED,
        "Use one form and one scoring for all, and name it as version or value_set.",
        "No mixing of forms, of raw with metric scores or of scorings was found.",
        "instruments",
    )


def instrument_constant(facts: Facts) -> Verdict:
    """Everybody was asked with the same version at every wave."""
    return passes_without(
        facts,
        CHANGED,
        "Check whether the versions can be compared; else analyse those with one version.",
        "No change of version between waves was found, as far as the files record versions.",
        "instruments",
    )


def mid_has_source(facts: Facts) -> Verdict:
    """Each size of change that is called important says where it comes from."""
    stated = [(o.label, o.mid.source) for o in facts.plan.outcomes if o.mid is not None]
    stated += [(r.outcome, r.source) for r in facts.rows("responders")]
    stated += [
        (r.outcome, r.source) for r in facts.rows("important_differences") if r.value is not None
    ]
    without = list(dict.fromkeys(name for name, source in stated if not _is_source(source)))
    if without:
        return not_reported(
            f"No source of the important difference of: {'; '.join(without)}.",
            "Name paper, population and method in [outcomes.mid] source, or leave the MID out.",
            *(("responders",) if facts.rows("responders") else ()),
        )
    if not stated:
        return not_applicable(
            "No important difference is named, so nobody counts as better or worse."
        )
    keys = ("responders", "important_differences")
    return reported(
        "Each important difference names its source.", *(k for k in keys if facts.rows(k))
    )


def _is_source(words: str) -> bool:
    return own_words(words).strip().casefold() not in _NO_SOURCE


def home_made_flagged(facts: Facts) -> Verdict:
    """A primary outcome that no catalogue knows says where it was tested, or that it was not."""
    primary = facts.plan.primary
    cards = [row for row in facts.rows("instruments") if row.outcome == primary.name]
    if any(card.instrument is not None for card in cards):
        return reported("The primary questionnaire is one of the catalogue.", "instruments")
    if own_words(primary.validation):
        return reported("Stated in study.toml: [[outcomes]] of the primary outcome, validation.")
    if _left_to_catalogue(primary, facts):
        return reported("The primary questionnaire is left to the catalogue.")
    unknown = (
        "The catalogue does not know the primary questionnaire"
        if facts.read
        else "The plan gives the range of the primary questionnaire itself"
    )
    return not_reported(
        f"{unknown}, and does not say whether it was ever tested."
        if not facts.read
        else f"{unknown}, and the plan does not say whether it was ever tested.",
        "State validation under [[outcomes]]: the paper in which it was tested, or that it was "
        "made for this study and was not.",
        *(("instruments",) if cards else ()),
    )


RULES = {
    "scores_in_range": Rule(judge=scores_in_range, collects=_ITEMS, codes=(*OUTSIDE, *SET_MISSING)),
    "version_known": Rule(judge=version_known),
    "forms_not_mixed": Rule(judge=forms_not_mixed, collects=_ITEMS, codes=MIXED),
    "instrument_constant": Rule(
        judge=instrument_constant, collects="measures: person, wave, version", codes=CHANGED
    ),
    "mid_has_source": Rule(judge=mid_has_source),
    "home_made_flagged": Rule(judge=home_made_flagged),
}
