"""Contacts against their episodes, and contacts of which nobody said that they took place."""

from __future__ import annotations

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import episode_of, taken
from splw_eval.data.checks.telling import tell
from splw_eval.data.loaded import Loaded
from splw_eval.data.sheet import Told

_BEFORE = (
    Severity.WARNING,
    "SW66",
    "a contact before the referral of its episode",
    "Check the dates, and whether it stands with the right episode.",
)
_AFTER = (
    Severity.WARNING,
    "SW66",
    "a contact after the close of its episode",
    "Check the dates, and whether the episode was closed too early.",
)
_UNSAID: Told = (
    Severity.WARNING,
    "SW67",
    "attended is empty, and counts as not attended",
    "Fill it for every contact.",
)


def check(loaded: Loaded) -> None:
    """Report contacts outside their episode, and contacts with `attended` empty."""
    episodes, contacts = loaded.tables.get("episodes"), loaded.tables.get("contacts")
    if episodes is not None:
        referred, closed = episodes.date("referral_date"), episodes.date("close_date")
        day = episodes.date("first_contact_date")
        tell(loaded, episodes, "first_contact_date", day < referred, _BEFORE)
        tell(loaded, episodes, "first_contact_date", day > closed, _AFTER)
    if contacts is None:
        return
    if episodes is not None:
        episode, day = episode_of(loaded, contacts), contacts.date("date")
        tell(loaded, contacts, "date", day < taken(referred, episode), _BEFORE)
        tell(loaded, contacts, "date", day > taken(closed, episode), _AFTER)
    if "attended" in contacts.columns:
        unsaid = contacts.number("attended") != contacts.number("attended")  # NaN
        tell(loaded, contacts, "attended", unsaid, _UNSAID)
