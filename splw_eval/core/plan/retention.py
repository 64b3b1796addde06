"""The rules of an episode: when it begins, what ends it, and how each ending counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.section import Section
from splw_eval.core.plan.suggestion import suggestion

PLANNED = ("planned completion", "goals met")
LOST = (
    "lost contact",
    "declined",
    "change of link worker",
    "referral delay",
    "travel cost",
    "remote contact",
    "employment or caring",
    "ill-health",
)
OTHERWISE = ("died", "moved", "no place in service", "other")
CLOSE_REASONS = (*PLANNED, *LOST, *OTHERWISE)
"""Every close reason of the vocabulary."""

_LISTS = ("completed", "dropped_out", "other_ending")


class EpisodeRules(Section):
    """How engagement with the service is read off contacts and close reasons."""

    horizon_days: Annotated[int, Field(ge=1)] = 365
    """Day up to which mean days engaged are taken; no episode is cut there."""
    time_zero: Literal["referral", "first_contact"] = "referral"
    """Day 0 of an episode. With `first_contact` people never contacted stand in no curve; they
    are counted."""
    days_without_contact: Annotated[int, Field(ge=0)] = 90
    """So many days without an attended contact mean that touch was lost; 0 switches this off."""
    before_first_contact: Literal["waiting", "silence"] = "waiting"
    """Whether days before the first contact are waiting for the service, which is no loss of
    touch, or count as days without contact from the referral on."""
    lost_touch_dated: Literal["rule_met", "last_contact"] = "rule_met"
    """Day of losing touch: the day on which that many days have passed, or the last attended
    contact, which could be known as the last only later."""
    returning: Literal["first", "last"] = "first"
    """Whether the first silence of that length ends the episode, those who came back being
    counted, or a later contact takes it back. `last` looks into the future: whoever is lost at an
    early data cut may be un-lost at a later one, so people who entered late drop out more often
    by construction."""
    which_episode: Literal["first", "each"] = "first"
    """Of a person with several episodes: the first referral, or each of them."""
    completed: tuple[str, ...] = PLANNED
    """Close reasons that are a planned ending. Left out: planned completion, goals met."""
    dropped_out: tuple[str, ...] = LOST
    """Close reasons that are a loss; losing touch belongs to them. Left out: lost contact,
    declined, change of link worker, referral delay, travel cost, remote contact, employment or
    caring, ill-health."""
    other_ending: tuple[str, ...] = OTHERWISE
    """Close reasons that are neither. Left out: died, moved, no place in service, other."""
    attended_missing: Literal["not attended"] = "not attended"
    """What an empty `attended` counts as; it is never taken for attended."""
    lag_days: Annotated[int, Field(ge=1)] = 1
    """Days that must lie between a cause that changes over time and the day it is to explain."""

    @model_validator(mode="after")
    def _each_reason_stands_once(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        places = [(name, word) for name in _LISTS for word in getattr(self, name)]
        for name, word in places:
            if word not in CLOSE_REASONS:
                near = suggestion(word, CLOSE_REASONS)
                yield f'[retention] {name}: no close reason "{word}" in the vocabulary{near}'
        for word, times in Counter(word for _, word in places).items():
            if times > 1:
                where = ", ".join(dict.fromkeys(name for name, held in places if held == word))
                yield (
                    f'[retention]: "{word}" stands {times} times ({where}); each close reason '
                    "stands once, so write the list that loses it too"
                )
        held = {word for _, word in places}
        without = [word for word in CLOSE_REASONS if word not in held]
        if without:
            yield (
                f"[retention]: in no list: {', '.join(without)}; each close reason belongs to "
                "completed, dropped_out or other_ending"
            )

    def cause_of(self, reason: str) -> int:
        """1 planned ending, 2 drop-out, 3 another reason, 4 no reason that is known."""
        for code, name in enumerate(_LISTS, start=1):
            if reason in getattr(self, name):
                return code
        return len(_LISTS) + 1

    def declared(self, key: str) -> bool:
        """Whether a rule was written down, or its default holds."""
        return key in self.model_fields_set
