"""Papers behind the described figures, cited where a figure rests on them."""

from __future__ import annotations

import re
from collections.abc import Iterable

CR2 = (
    "Cluster-robust intervals (CR2): Bell & McCaffrey 2002, Survey Methodology 28:169; degrees "
    "of freedom: Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672; agrees with R clubSandwich."
)
T_INTERVAL = "Interval of a mean: one-sample t interval; agrees with R t.test."
EFFECT_SIZE = (
    "Change / baseline SD: mean change divided by the SD at baseline of the same people "
    "(pingouin); positive where scores rose."
)
STANDARDISED = (
    "Standardised differences: Austin 2009, Stat Med 28:3083.",
    "Standardised differences over several categories: Yang & Dalton 2012, SAS Global Forum, "
    "paper 335.",
)
ALPHA = (
    "Cronbach's alpha: Cronbach 1951, Psychometrika 16:297 (pingouin); interval: Feldt, Woodruff & "
    "Salih 1987, Appl Psychol Meas 11:93; agrees with R psych."
)
RELIABLE_CHANGE = "Reliable change: Jacobson & Truax 1991, J Consult Clin Psychol 59:12."
FLOOR = "Lowest and highest scores: Terwee and others 2007, J Clin Epidemiol 60:34."

SECOND_HAND = "read in a secondary source"
_QUOTED = re.compile(r"\bquot(?:ed|ing)\b|secondary source")
_SAID_TWICE = ", quoted in a secondary source"


def cited(source: str, status: str) -> tuple[str, str]:
    """Return a source and how well it is known; one that was read elsewhere is not checked."""
    if status != "checked" or not _QUOTED.search(source):
        return source, status
    return source.removesuffix(_SAID_TWICE), SECOND_HAND


def interval_sources(methods: Iterable[str]) -> tuple[str, ...]:
    """Sources of the interval methods in use."""
    used = set(methods)
    pairs = (("t", T_INTERVAL), ("CR2, Satterthwaite df", CR2))
    return tuple(source for method, source in pairs if method in used)
