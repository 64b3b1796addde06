"""Codes of findings about responses and instruments, each with what it stands for."""

from __future__ import annotations

SCORING_CODES = {
    "SI01": "The file of an instrument cannot be read",
    "SI02": "A key of an instrument's file is not known",
    "SI03": "A key of an instrument's file is missing, or holds what it may not",
    "SI04": "Two parts of an instrument's file do not agree",
    "SI05": "An item has no column",
    "SI06": "A response lies outside the codes of its item",
    "SI07": "A response is not a whole number",
    "SI08": "An option of the scoring is not said, or not known",
    "SI09": "A profile of answers has no confirmed value",
    "SI10": "The user's own table of values cannot be used",
}
