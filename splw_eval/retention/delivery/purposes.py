"""What a contact was for, by the words that services write."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.parse import distinct
from splw_eval.data.vocabulary import plainly

ASSESSING, PLANNING, UNKNOWN_WORD = 1, 2, 4
"""What one contact was for, as bits: a contact can be for several things."""

# `purpose` is free text; these words are a proposal of this program. A word in none of the
# lists is counted as unknown: it could say either thing in the service's own way.
_ASSESSING = (
    "first conversation", "first contact", "first meeting", "first appointment",
    "initial conversation", "initial contact", "initial meeting", "initial appointment",
    "initial assessment", "assessment", "needs assessment", "assessing",
    "what matters conversation", "what matters to me", "discovering what matters",
    "guided conversation", "holistic assessment",
)  # fmt: skip
_PLANNING = (
    "planning", "plan", "care plan", "care planning", "support plan", "support planning",
    "action plan", "action planning", "wellbeing plan", "personalised plan", "shared plan",
    "personalised care and support plan", "pcsp", "goal setting", "goals", "making a plan",
)  # fmt: skip
_OTHER = (
    "review", "follow up", "check in", "listening", "emotional support", "encouragement",
    "motivation", "coaching", "arranging", "arranging support", "booking", "signposting",
    "referral", "onward referral", "going along", "accompanying", "accompanied visit",
    "practical help", "practical support", "practical arrangements", "forms", "form filling",
    "benefits", "transport", "advocacy", "closing", "closure", "ending", "final contact",
    "final meeting", "last contact", "goodbye", "measures", "questionnaire", "other",
    "therapeutic relationship", "reminder", "text reminder", "voicemail", "message",
)  # fmt: skip
_MEANING = {
    **{plainly(word): 0 for word in _OTHER},
    **{plainly(word): ASSESSING for word in _ASSESSING},
    **{plainly(word): PLANNING for word in _PLANNING},
}


def purposes(cells: NDArray[Any]) -> NDArray[np.int64]:
    """Say what contacts were for.

    Parameters
    ----------
    cells : ndarray of str, shape (n,)
        As the service wrote it; several purposes are parted by ``;``, ``+`` or ``&``.

    Returns
    -------
    ndarray of int, shape (n,)
        Sum of `ASSESSING`, `PLANNING` and `UNKNOWN_WORD`; 0 for another known purpose, and
        `UNKNOWN_WORD` for an empty cell.
    """
    values, where = distinct(cells)
    return np.array([_meaning(value) for value in values], dtype=np.int64)[where]


def _meaning(cell: str) -> int:
    found = 0
    for part in cell.replace("&", ";").replace("+", ";").split(";"):
        found |= _MEANING.get(plainly(part), UNKNOWN_WORD)
    return found
