"""Assumptions: what was put in about the world, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS
from splw_eval.power.solved import Solved

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
        yield dict(
            zip(COLUMNS, (option.flag, value, option.unit, source, option.meaning), strict=True)
        )


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
    return [(OPTIONS[name].flag, _NOT_SAID[name]) for name in left]
