"""Rules about words that claim more than a design allows (G2, G4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from splw_eval.appraisal.checklists.facts import Facts, plan_texts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.plan import Plan

# What a reader takes for cause and effect. What stands behind (?!...) or (?<!...) has another
# meaning: a side effect, a wave that is due to start, reduced mobility as a condition.
CAUSAL = re.compile(
    r"""\b(?:
      (?<!side[ -])(?<!mixed[ -])(?<!random[ -])(?<!fixed[ -])(?<!with[ ])(?<!in[ ])
        effects?\b(?![ -]sizes?)
      | effective(?:ness|ly)?
      | impact(?:s|ed|ing|ful)?
      | caus(?:e|es|ed|ing|al|ally)\b(?![ -](?:of[ ]death|specific))
      | reduc(?:e|es|ing|tions?[ ](?:in|of))
      | reduced\b(?![ ](?:mobility|hearing|vision|sight|function|hours|rate|price))
      | (?<!who[ ])(?<!people[ ])(?<!scores[ ])improve
      | improv(?:es|ing|ed[ ]by|ements?[ ]by|ements?[ ]due)
      | (?:increased|decreased|lowered|raised|boosted|cut)[ ]by
      | boosts? | prevents? | prevented | preventing
      | due[ ]to\b(?![ ](?:start|begin|be|end|close|finish|answer))
      | thanks[ ]to | as[ ]a[ ]result[ ]of | result(?:s|ed|ing)[ ]in | attribut(?:able|ed)[ ]to
      | (?:led|leads|leading)[ ]to
      | ma(?:kes?|de|king)[ ]a[ ]difference
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ALL_CAUSE = re.compile(r"\ball-cause\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|never|cannot|nor|without|neither)\b[^.;:!?]*$", re.IGNORECASE)
_KEYS = (
    "title",
    "arms.",
    "outcomes.label",
    "waves.label",
    "estimand.",
    "subgroups.",
    "comparison.",
)

OBSERVED_POWER = re.compile(
    r"\b(?:observed|post[ -]?hoc|retrospective|a[ -]posteriori)[ -]power\b", re.IGNORECASE
)
_POWER_COLUMN = re.compile(r"(?:observed|post_?hoc|retrospective|achieved)_?power", re.IGNORECASE)
ASKED = ("SZ12",)

UNCONTROLLED = re.compile(
    r"\b(?:uncontrolled|before[ -](?:and[ -])?after|pre(?:[ /-]| and )?post|"
    r"(?:single|one)[ -](?:group|arm)|within[ -]group|no (?:control|comparison)(?: group)?|"
    r"without (?:a )?(?:control|comparison))\b",
    re.IGNORECASE,
)
FLAGGED = re.compile(
    r"\b(?:halved|shrunk|shrunken|discounted|reduced|scaled down|upper (?:limit|bound)|at most|"
    r"overstat\w*|over-?estimat\w*|too (?:large|high)|optimistic|caution\w*|inflated)\b",
    re.IGNORECASE,
)


def claims(text: str) -> tuple[str, ...]:
    """Return the words of a text that claim cause and effect, but where they are denied."""
    plain = _ALL_CAUSE.sub("", text)
    return tuple(
        found.group()
        for found in CAUSAL.finditer(plain)
        if not _DENIED.search(plain[: found.start()])
    )


def words_fit_the_design(facts: Facts) -> Verdict:
    """A study without a comparison group claims no cause and effect."""
    if facts.plan.design != "pre_post":
        return not_applicable("There is a comparison group; its words follow the design.")
    claimed = [
        f"{key}: {', '.join(claims(text))}" for key, text in _said(facts.plan) if claims(text)
    ]
    if claimed:
        return not_reported(
            "Words of cause and effect, with nobody to compare with, in study.toml "
            f"({'; '.join(claimed)}).",
            'Say what changed: "mean change", "improved", "fell"; not what the programme did.',
        )
    return reported("Title, labels and estimand of study.toml claim no cause and effect.")


def _said(plan: Plan) -> Iterator[tuple[str, str]]:
    for key, text in plan_texts(plan):
        if key == "title" or key.startswith(_KEYS):
            yield key, text


def no_observed_power(facts: Facts) -> Verdict:
    """Nobody asks for power worked out from the result that was found."""
    said = [key for key, text in plan_texts(facts.plan) if _asked(text)]
    shown = [
        key
        for key, held in facts.results.items()
        if any(_POWER_COLUMN.search(name) for name in held.row_type.__annotations__)
        or any(_asked(str(getattr(row, "quantity", ""))) for row in held.rows)
    ]
    if said or shown or facts.found(*ASKED):
        where = "; ".join([*(f"study.toml, {key}" for key in said), *shown]) or ", ".join(ASKED)
        return not_reported(
            f"Power worked out from the result itself is asked for or shown: {where}.",
            "Leave it out: it says nothing that the interval does not. Set planned beside "
            "achieved size and precision.",
            *shown,
        )
    return reported("No observed power is asked for or shown.", *_held(facts, "sizing"))


def _asked(text: str) -> bool:
    return any(not _DENIED.search(text[: m.start()]) for m in OBSERVED_POWER.finditer(text))


def target_from_controlled(facts: Facts) -> Verdict:
    """The difference to be found does not rest, unsaid, on a study without a comparison."""
    size = facts.plan.sample_size
    if size is None or size.target_difference is None:
        return not_applicable("No target difference is stated; see the source of each input.")
    source = size.target_difference.source
    place = "study.toml: [sample_size] target_difference"
    if not own_words(source):
        return not_reported(
            f"{place} does not say where it comes from.",
            "Give the paper or the data that it comes from, and whether that had a comparison.",
        )
    if UNCONTROLLED.search(source) and not FLAGGED.search(source):
        return not_reported(
            f"{place} comes from a study without a comparison group, and does not say what that "
            "means for its size.",
            "Take it from a controlled study or from what matters to people; or say in its source "
            "that it is likely too large, and by how much it was reduced.",
        )
    return reported(f"{place} names no uncontrolled study as its source, or says what that means.")


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "words_fit_the_design": Rule(judge=words_fit_the_design),
    "no_observed_power": Rule(judge=no_observed_power),
    "target_from_controlled": Rule(judge=target_from_controlled),
}
