"""Codes of findings about the plan, each with what it stands for."""

from __future__ import annotations

PLAN_CODES = {
    "SP01": "The plan cannot be read",
    "SP02": "A key of the plan is not known",
    "SP03": "A key of the plan is missing, or holds what it may not",
    "SP04": "Two parts of the plan do not agree",
    "SP05": "A part of the plan still holds the words of its template",
}
