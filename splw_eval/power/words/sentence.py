"""The answer in one sentence."""

from __future__ import annotations

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.options import OPTIONS
from splw_eval.power.solved import Solved
from splw_eval.power.words.shown import decimals, number, per_cent

_MORE = 1.001  # times
_EFFECT_WORDS = {
    "diff": "a difference of {}",
    "d": "a difference of {} SD",
    "p1": "a proportion of {}",
    "rr": "a risk ratio of {}",
    "or_": "an odds ratio of {}",
    "rate1": "a rate of {}",
    "hr": "a hazard ratio of {}",
}


def sentence(answer: Solved) -> str:
    """Say what was sought, and at what.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    str
    """
    v = answer.asked.values
    title = answer.asked.kind.title.capitalize()
    who, effect = counts(answer), effect_words(answer)
    test = test_words(v)
    if np.ndim(answer.power):
        return f"{title}: a grid of {np.size(answer.power)} designs, power {_grid(answer)}."
    power = decimals(answer.power)
    if answer.sought == "power":
        return f"{title}: {who} give a power of {power} to detect {effect}{at(v)}, {test}."
    if answer.sought == "mde":
        asked = number(v.power if v.power is not None else 0.8)
        return f"{title}: {who} detect {effect} with power {asked}{at(v)}, {test}."
    exact = f"{float(answer.unrounded):.2f} {_COUNTED[answer.sought]} before rounding"
    return (
        f"{title}: {who} are needed ({exact}) to detect {effect} with power "
        f"{number(v.power)}{at(v)}, {test}. As rounded the power is {power}."
    )


_COUNTED = {
    "clusters": "clusters",
    "size": "people in each cluster",
    "patients": "people",
    "controls": "people",
    "events": "events",
}


def _grid(answer: Solved) -> str:
    return f"from {decimals(np.nanmin(answer.power))} to {decimals(np.nanmax(answer.power))}"


def counts(answer: Solved) -> str:
    """Clusters and people, with how they are shared out."""
    parts = []
    if answer.clusters is not None:
        arms = [number(n) for n in answer.arms.values()]
        even = len(set(arms)) == 1
        one = "arm" if "comparison" in answer.arms else "sequence"
        shared = f" ({arms[0]} in each {one})" if even else f" ({' and '.join(arms)})"
        parts.append(f"{number(answer.clusters)} clusters{shared if len(arms) > 1 else ''}")
        if answer.size is not None:
            parts.append(f"of {number(answer.size)} people{each_period(answer)}")
        sizes = answer.design.values.sizes
        if answer.size is None and sizes is not None:
            parts.append("of the sizes given")
    held = answer.design.values.controls
    if held is not None:
        parts.append(f"and {number(held)} people in no cluster")
    if answer.patients is not None and np.ndim(answer.patients) == 0:
        people = number(answer.patients)
        parts.append(f"({people} people in all)" if parts else f"{people} people")
    if not parts and np.ndim(answer.precision.parts.get("events", np.zeros(1))) == 0:
        return f"{number(answer.precision.parts['events'])} events"
    return " ".join(parts) or "these people"


def each_period(answer: Solved) -> str:
    """Words where other people are seen in each period."""
    if not {"steps", "matrix", "periods"} & set(answer.asked.kind.takes):
        return ""
    if answer.patients is None or answer.clusters is None or answer.size is None:
        return ""
    more = np.asarray(answer.patients) > np.asarray(answer.clusters) * answer.size * _MORE
    return " in each period" if more.all() else ""


def effect_words(answer: Solved) -> str:
    """The difference, as it was given or found."""
    v, kind = answer.design.values, answer.asked.kind
    told = [
        _EFFECT_WORDS.get(name, OPTIONS[name].meaning + " {}").format(number(getattr(v, name)))
        for name in kind.effect
        if getattr(v, name) is not None
    ]
    start = ("share with the event", "hazard") if "hr" in kind.effect else ("against", "against")
    beside = [
        f"{words} {number(getattr(v, name))}"
        for name, words in zip(("sd", "p0", "rate0"), ("SD", *start), strict=True)
        if getattr(v, name) is not None
    ]
    first = told[0] if told else "the difference"
    if kind.name == "pre-post":
        first = first.replace("a difference", "a change")
    return f"{first} ({', '.join(beside)})" if beside else first


def at(v: Values) -> str:
    """At which ICC, where there is one."""
    return "" if v.icc is None else f", ICC {number(v.icc)}"


def test_words(v: Values) -> str:
    """Sides and level of the test."""
    sides = "two-sided" if int(v.sides) == 2 else "one-sided"  # noqa: PLR2004
    return f"{sides} at {per_cent(v.alpha)}"
