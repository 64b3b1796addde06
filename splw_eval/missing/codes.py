"""Codes of findings about missing scores."""

from __future__ import annotations

from splw_eval.models.person_faults import person_codes

MISSING_CODES = {
    "SN01": "An option cannot be used",
    **person_codes("SN"),
}
