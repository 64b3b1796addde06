"""Rows of what a study's size came to, and of that beside its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Contributors, Role, contributors, count, label, units


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedRow:
    """People of one group, those measured for the main question, and their practices."""

    arm: Annotated[str, label("Group")]
    people: Annotated[int | None, count("People in the study")]
    made_of: Annotated[Contributors | None, contributors("Clusters behind the people")] = None
    measured: Annotated[int | None, count("Measured for the main question")]
    clusters: Annotated[int | None, units("Clusters", of="people")]
    clusters_measured: Annotated[int | None, units("Clusters of those measured", of="measured")]
    grouped_by: Annotated[str | None, label("Clusters are")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingRow:
    """One quantity of a study's size: as planned, as reached, and what that comes to.

    Made of masked rows alone, so none of its figures is of people who may not be told of.
    """

    about: Annotated[str, label("About")]
    quantity: Annotated[str, label("Quantity")]
    planned: Annotated[float | None, Column(title="Planned", role=Role.ESTIMATE)]
    achieved: Annotated[float | None, Column(title="Reached", role=Role.ESTIMATE)]
    conf_low: Annotated[float | None, Column(title="95% interval, from", role=Role.ESTIMATE)]
    conf_high: Annotated[float | None, Column(title="to", role=Role.ESTIMATE)]
    sentence: Annotated[str, label("In words")]
    source: Annotated[str, label("Source of what was planned")]
