"""Codes of findings about groups that are compared."""

from __future__ import annotations

from splw_eval.models.person_faults import person_codes

CONFOUNDING_CODES = {
    "SF01": "An option cannot be used",
    **person_codes("SF"),
}
