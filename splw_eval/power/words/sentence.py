"""The answer in one sentence."""

from __future__ import annotations

import numpy as np

from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS
from splw_eval.power.precision import Array
from splw_eval.power.solved import Solved
from splw_eval.power.words.meanings import clustering
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
    "slope_diff": "a difference between slopes of {}",
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
    test = test_words(answer)
    if np.ndim(answer.power):
        return f"{title}: a grid of {np.size(answer.power)} designs, power {_grid(answer)}."
    power = decimals(answer.power)
    if answer.sought == "power":
        return f"{title}: {who} give a power of {power} to detect {effect}{at(answer)}, {test}."
    if answer.sought == "mde":
        asked = number(v.power if v.power is not None else 0.8)
        return f"{title}: {who} detect {effect} with power {asked}{at(answer)}, {test}."
    exact = f"{float(answer.unrounded):.2f} {_COUNTED[answer.sought]} before rounding"
    return (
        f"{title}: {who} are needed ({exact}) to detect {effect} with power "
        f"{number(v.power)}{at(answer)}, {test}. As rounded the power is {power}."
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
    parts.append(control_clusters(answer))
    held = controls_of(answer)
    if held is not None:
        parts.append(f"and {number(held)} people in no cluster")
    if answer.patients is not None and np.ndim(answer.patients) == 0:
        people = number(answer.patients)
        parts.append(f"({people} people in all)" if any(parts) else f"{people} people")
    if not any(parts) and np.ndim(answer.precision.parts.get("events", np.zeros(1))) == 0:
        return f"{number(answer.precision.parts['events'])} events"
    return " ".join(part for part in parts if part) or "these people"


def control_clusters(answer: Solved) -> str:
    """Clusters of a comparison arm that are of another kind, with their people."""
    v = answer.design.values
    if v.clusters_control is None:
        return ""
    size = answer.size if v.size_control is None else v.size_control
    people = "" if size is None else f" of {number(size)} people"
    return f"in the programme arm and {number(v.clusters_control)} clusters{people} in the other"


def controls_of(answer: Solved) -> Array | None:
    """People of a comparison arm that is in no cluster."""
    v = answer.design.values
    if v.controls is not None or v.clusters_control is not None:
        return None if v.controls is None else np.asarray(v.controls)
    return answer.precision.parts.get("controls")


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
    start = ("before", "before") if kind.name == "pre-post" else start
    beside = [
        f"{words} {number(getattr(v, name))}"
        for name, words in zip(("sd", "p0", "rate0"), ("SD", *start), strict=True)
        if getattr(v, name) is not None
    ]
    first = told[0] if told else _of_means(answer)
    if kind.name == "pre-post":
        first = first.replace("a difference", "a change")
    return f"{first} ({', '.join(beside)})" if beside else first


def _of_means(answer: Solved) -> str:
    """Where the means of all arms were given: those, or the least difference, as tested."""
    v = answer.design.values
    if v.means is None:
        return "the difference"
    if v.adjust == "omnibus":
        return f"arms with means of {number(v.means)}"
    return f"a difference of {number(answer.precision.effect)}"


def at(answer: Solved) -> str:
    """At which ICC, where there is one; of a comparison arm that has its own, at both."""
    v = answer.design.values
    if v.icc is None:
        return ""
    both = "" if v.icc_control is None else f" and {number(v.icc_control)} in the comparison arm"
    return f", {clustering(answer.asked)} {number(v.icc)}{both}"


def test_words(answer: Solved) -> str:
    """Sides and level of the test, and of how many tests."""
    v = answer.asked.values
    sides = "two-sided" if int(v.sides) == 2 else "one-sided"  # noqa: PLR2004
    level = per_cent(v.alpha)
    tests = comparisons(answer.asked)
    if tests is None:
        return f"{sides} at {level}"
    return {
        "omnibus": f"F test of all arms at {level}",
        "none": f"{sides} at {level} in each of {tests} comparisons",
    }.get(v.adjust, f"{sides} at {level} for all {tests} comparisons together ({v.adjust})")


def comparisons(design: Design) -> int | None:
    """How many arms are held against the comparison; None of designs with one test."""
    v = design.values
    if design.kind.name != "multi-arm":
        return None
    return (len(v.means) if v.means is not None else int(v.arms)) - 1
