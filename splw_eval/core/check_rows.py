"""Rows of checklists: one item of a reporting standard, and whether a study reports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from splw_eval.core.columns import label


class Kind(StrEnum):
    """How an item can be checked."""

    COMPUTED = "computed"  # from the results
    DECLARED = "declared"  # from what the plan says
    HUMAN = "human"  # by a person only


class Status(StrEnum):
    """What a check comes to; never a score."""

    REPORTED = "reported"
    NOT_REPORTED = "not reported"
    NOT_APPLICABLE = "not applicable"
    NEEDS_AUTHOR = "needs author"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check of one item of a checklist.

    Attributes
    ----------
    profile : str
        Name of the checklist, such as ``crosswalk`` or ``strobe``.
    item : str
        Its number there, such as ``G1`` or ``13a``.
    check : str
        Stable name of the check, unique in the checklist.
    topic : str
        What it asks, in our own words.
    kind : str
        One of `Kind`.
    status : str
        One of `Status`.
    evidence : str
        What is there, or what is not; holds no number of people but those of masked results.
    results : str
        Keys of the results that it rests on, parted by commas; the report links them.
    remedy : str
        What to do, or to collect; empty where nothing is left to do.
    """

    profile: Annotated[str, label("Checklist")]
    item: Annotated[str, label("Item")]
    check: Annotated[str, label("Check")]
    topic: Annotated[str, label("What it asks")]
    kind: Annotated[str, label("How it is checked")]
    status: Annotated[str, label("Status")]
    evidence: Annotated[str, label("What is there")]
    results: Annotated[str, label("Rests on")]
    remedy: Annotated[str, label("What to do")]
