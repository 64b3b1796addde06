"""The test, the analysis that the calculation is for, and the references."""

from __future__ import annotations

import numpy as np

from splw_eval.power.answer import Answer
from splw_eval.power.paragraph.assumed import settings
from splw_eval.power.paragraph.sources import sources_listed
from splw_eval.power.words.conventions import rule_of
from splw_eval.power.words.sentence import comparisons
from splw_eval.power.words.shown import number

_CLUSTERS = (
    "Campbell, Piaggio, Elbourne & Altman 2012, CONSORT 2010 statement: extension to cluster "
    "randomised trials, BMJ 345:e5661 (item 7a)"
)
_WEDGE = (
    "Hemming and others 2018, Reporting of stepped wedge cluster randomised trials: extension of "
    "the CONSORT 2010 statement, BMJ 363:k1614"
)
_PEOPLE = "Hopewell and others 2025, CONSORT 2025 statement (sample size)"
_NO_TRIAL = (
    "von Elm and others 2007, The STROBE statement: reporting observational studies, BMJ 335:806 "
    "(item 10)"
)
_WEDGES = ("stepped-wedge", "matrix")
_RULES = {
    "k-2": "clusters less 2",
    "k-1": "clusters less 1",
    "j-1": "clusters less 1",
    "k-arms": "clusters less arms",
    "n-1": "people less 1",
    "n-2": "people less 2",
    "n-3": "people less 3",
    "n-arms": "people less arms",
    "n-j-1": "people less sites less 1",
    "between-within": "clusters less fixed effects",
    "satterthwaite": "by Satterthwaite's approximation",
    "welch": "by Welch's approximation",
}
_FEW = 40  # clusters


def method(answer: Answer) -> str:
    """The test, its degrees of freedom, and what else must be known to work it out again."""
    from importlib.metadata import version

    v, rule = answer.asked.values, rule_of(answer)
    test = _test(answer)
    named = f" ({_RULES.get(rule, rule)})" if rule not in ("z", "as given") else ""
    sd = "" if "sd" not in answer.asked.given else f"; the SD is the {v.sd_is or 'total'} one"
    return (
        f"The calculation is for {test}{named}{sd}, by the formulae of the references, with "
        f"splw-eval {version('splw-eval')}{settings(answer)}.{_too_few(answer)}"
    )


def _test(answer: Answer) -> str:
    """The test by name, with its degrees of freedom."""
    v, normal = answer.asked.values, bool(np.isinf(answer.df).all())
    others = comparisons(answer.asked)
    if others is not None and v.adjust == "omnibus":
        least = "endless" if normal else number(answer.df)
        return f"an F test with {others} and {least} degrees of freedom"
    name = "Dunnett's test" if others is not None and v.adjust == "dunnett" else ""
    if normal:
        return f"{name}, by the normal distribution" if name else "a normal test"
    return f"{name or 'a t test'} with {number(answer.df)} degrees of freedom"


def _too_few(answer: Answer) -> str:
    if answer.clusters is None or not float(answer.clusters) < _FEW or np.isfinite(answer.df).all():
        return ""
    return " With so few clusters the normal test promises too much; a t test would ask for more."


def model(answer: Answer) -> str:
    """The analysis, as a sentence."""
    return f"The primary analysis will be {answer.asked.kind.model(answer.asked.values)}."


def references(answer: Answer) -> tuple[str, ...]:
    """Formulae, guides of reporting, and sources of what was assumed."""
    kind = answer.asked.kind
    if kind.name == "pre-post":
        guide = _NO_TRIAL
    else:
        guide = _CLUSTERS if answer.clusters is not None else _PEOPLE
    wedge = (_WEDGE,) if kind.name in _WEDGES else ()
    held = (*kind.sources_of(answer.asked.values), guide, *wedge, *sources_listed(answer))
    return tuple(dict.fromkeys(one[:1].upper() + one[1:].rstrip(". ") for one in held))
