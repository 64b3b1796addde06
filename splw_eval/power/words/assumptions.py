"""Assumptions: what was put in about the world, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS
from splw_eval.power.solved import Solved
from splw_eval.power.words.meanings import meaning_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("input", "value", "unit", "source", "meaning")
OURS = "our default"
_NOT_SAID = {  # options left out, and what then holds
    "dropout": "nobody is lost",
    "cv": "clusters are of one size",
}
_CLUSTERS = {"size", "clusters", "clusters_arm", "per_sequence"}


def assumption_rows(design: Design) -> Iterator[dict[str, Any]]:
    """One row for each input of a design.

    Parameters
    ----------
    design : Design

    Yields
    ------
    dict
        Of `COLUMNS`.
    """
    inputs = {n: v for n, v in design.kind.defaults.items() if OPTIONS[n].input}
    inputs |= {n: v for n, v in design.given.items() if OPTIONS[n].input}
    for name, value in inputs.items():
        option = OPTIONS[name]
        source = design.sources.get(name, "" if name in design.given else OURS)
        row = (option.flag, value, option.unit, source, meaning_of(design, name))
        yield dict(zip(COLUMNS, row, strict=True))


def assumptions_of(answer: Solved) -> pd.DataFrame:
    """Inputs with their units and sources.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    DataFrame
        ``input value unit source meaning``; the source is empty where none was given.
    """
    import pandas as pd

    return pd.DataFrame(list(assumption_rows(answer.asked)), columns=list(COLUMNS))


def without_source(design: Design) -> list[str]:
    """Flags of the inputs for which no source was given."""
    return [str(row["input"]) for row in assumption_rows(design) if not row["source"]]


def not_said(design: Design) -> list[tuple[str, str]]:
    """Flags of what was left out, each with what holds in its place."""
    given = {**design.kind.defaults, **design.given}
    left = [name for name in _NOT_SAID if name in design.kind.takes and name not in given]
    if "cv" in left and (_CLUSTERS.isdisjoint(given) or "sizes" in given):
        left.remove("cv")
    holds = dict(_NOT_SAID)
    if "dropout_control" in given:
        holds["dropout"] = "nobody of the programme arm is lost"
    found = [(OPTIONS[name].flag, holds[name]) for name in left]
    return found + [(OPTIONS[name].flag, words) for name, words in time_not_said(design)]


def steady_not_said(design: Design) -> bool:
    """Whether clusters were taken not to change over time, with nothing said of it."""
    v, kind = design.values, design.kind
    over_time = kind.name != "partially-nested" or v.visits is not None
    return "cac" in kind.takes and kind.name != "pre-post" and v.cac is None and over_time


def time_not_said(design: Design) -> list[tuple[str, str]]:
    """Options of correlations over time that were left out, each with what holds in its place.

    Parameters
    ----------
    design : Design

    Returns
    -------
    list of tuple of (str, str)
        Names of options.
    """
    v, kind = design.values, design.kind
    if "cac" not in kind.takes or kind.name == "pre-post":
        return []
    found = []
    if steady_not_said(design):
        found.append(("cac", "it is 1, so clusters are taken not to change over time"))
    if "sampling" not in kind.takes:
        return found
    if v.sampling is None and kind.name != "cohort":
        same = v.iac is not None
        people = "the same people, since --iac is given," if same else "other people"
        found.append(("sampling", f"{people} are measured at each time"))
    if "periods" in kind.takes and v.periods is None:
        periods = 2 if v.steps is None else int(v.steps) + 1
        found.append(("periods", f"there are {periods}"))
    return found
