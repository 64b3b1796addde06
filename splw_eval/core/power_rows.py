"""Row type of what a study's size came to, for the audit of its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import count, label, units


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedRow:
    """People of one group, those measured for the main question, and their practices."""

    arm: Annotated[str, label("Group")]
    people: Annotated[int | None, count("People in the study")]
    measured: Annotated[int | None, count("Measured for the main question")]
    clusters: Annotated[int | None, units("Clusters", of="people")]
    clusters_measured: Annotated[int | None, units("Clusters of those measured", of="measured")]
