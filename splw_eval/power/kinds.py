"""The kinds of design there are, each in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from splw_eval.power.design import Kind

HOMES: Mapping[str, str] = MappingProxyType(
    {
        "individual": "individual",
        "pre-post": "pre_post",
        "parallel": "parallel",
        "baseline": "baseline",
        "did": "did",
        "cohort": "cohort",
        "crossover": "crossover",
        "stepped-wedge": "stepped_wedge",
        "matrix": "matrix",
        "partially-nested": "partially_nested",
        "slopes": "slopes",
        "multi-arm": "multi_arm",
        "multisite": "multisite",
        "tte": "time_to_event",
    }
)


def kind_of(name: str) -> Kind:
    """Find a kind by the name that is typed.

    Parameters
    ----------
    name : str
        One of `HOMES`.

    Returns
    -------
    Kind
    """
    found: Kind = import_module(f"splw_eval.power.designs.{HOMES[name]}").KIND
    return found
