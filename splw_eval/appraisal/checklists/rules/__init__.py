"""Rules of computed checks, by the name that a profile uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from splw_eval.appraisal.checklists.rules import (
    confounding,
    dates,
    delivery,
    instruments,
    leaving,
    losses,
    numbers,
    people,
    robins,
    sizing,
    standards_answers,
    standards_delivery,
    standards_flow,
    standards_people,
    standards_plan,
    standards_questionnaires,
    terms,
    wording,
    workers,
)
from splw_eval.appraisal.checklists.verdict import Rule

ROOMS = (
    dates,
    numbers,
    losses,
    confounding,
    wording,
    instruments,
    sizing,
    terms,
    workers,
    delivery,
    people,
    leaving,
    standards_plan,
    standards_flow,
    standards_people,
    standards_answers,
    standards_delivery,
    standards_questionnaires,
    robins,
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {name: rule for room in ROOMS for name, rule in room.RULES.items()}
)
"""Every rule; a name stands once, as a test sees to."""
