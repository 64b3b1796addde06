"""Cut-offs of the descriptions, in one place; each is a proposal and not a standard."""

from __future__ import annotations

from splw_eval.core import filled

ENOUGH_FILLED = filled.ENOUGH_FILLED
"""Share of records below which a column is said to be too empty to rest on."""

LOST_SHARE = 0.05
"""Share lost at a wave above which the lost are compared with those measured."""

FEWEST_WORKERS = 3
"""Fewest link workers that a figure may be about: staff can be recognised too."""

MOST_PATTERNS = 12
"""Patterns of missing scores listed one by one; the rest are counted together."""

PROPOSAL = "a proposal of this program, not a standard"
