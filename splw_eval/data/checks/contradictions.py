"""Tables that contradict each other on who had the programme."""

from __future__ import annotations

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import episode_of, person_of
from splw_eval.data.checks.telling import tell
from splw_eval.data.loaded import Loaded
from splw_eval.data.sheet import Told

_LINK_WORKER: Told = (
    Severity.WARNING,
    "SW133",
    "people of a comparison group who have a link worker",
    "Correct the group or the link worker; people are analysed in the group that the file gives.",
)
_EPISODE: Told = (
    Severity.WARNING,
    "SW133",
    "episodes of people of a comparison group",
    "Correct the group or the person; people are analysed in the group that the file gives.",
)
_NOT_ACCEPTED: Told = (
    Severity.WARNING,
    "SW134",
    "accepted is no, and contacts with a link worker took place",
    "Correct accepted, or the episode of these contacts.",
)


def check(loaded: Loaded) -> None:
    """Report comparison people with the programme, and contacts of offers not taken up."""
    people, episodes = loaded.tables.get("people"), loaded.tables.get("episodes")
    compared = np.array([arm.role == "comparison" for arm in loaded.plan.arms], dtype=bool)
    if compared.any() and not compared.all():
        # Position -1, a person or an arm that is not known, is of no comparison group.
        of_person = np.append(np.append(compared, False)[loaded.people.arm], False)
        if people is not None:
            held = people.text("link_worker") != ""
            wrong = held & of_person[person_of(loaded, people)]
            tell(loaded, people, "link_worker", wrong, _LINK_WORKER)
        if episodes is not None:
            tell(loaded, episodes, "person", of_person[person_of(loaded, episodes)], _EPISODE)
    _not_accepted(loaded)


def _not_accepted(loaded: Loaded) -> None:
    episodes, contacts = loaded.tables.get("episodes"), loaded.tables.get("contacts")
    if episodes is None or contacts is None:
        return
    unsaid = "attended" not in contacts.columns
    took_place = unsaid | (contacts.number("attended") == 1)
    seen = np.zeros(len(episodes) + 1, dtype=bool)
    seen[episode_of(loaded, contacts)[took_place]] = True
    refused = episodes.number("accepted") == 0
    tell(loaded, episodes, "accepted", refused & seen[:-1], _NOT_ACCEPTED)
