"""How far a column is filled, in words judged from the counts that are shown."""

from __future__ import annotations

from splw_eval.core.columns import Column, Role

ENOUGH_FILLED = 0.80
ENOUGH = f"Filled {ENOUGH_FILLED:.0%} or more"
BELOW = f"Filled below {ENOUGH_FILLED:.0%}"
ABOUT = f"Filled about {ENOUGH_FILLED:.0%}"
IN_WORDS = Column(
    title="In words",
    role=Role.LABEL,
    base="records",
    numerator="filled",
    complement="empty",
    limit=ENOUGH_FILLED,
    words=(ENOUGH, BELOW, ABOUT),
)
