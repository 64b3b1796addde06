"""Row types of reach and fairness: how far each kind of people came, and how they changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import (
    Column,
    Role,
    count,
    label,
    mean,
    share,
    spread,
    units,
    verdict,
)

MUCH_MISSING = 0.20
"""Share not known from which a characteristic is said to be too little known; a proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRow:
    """People of one group in one category, at one stage from referral to measurement."""

    group: Annotated[str, label("Group")]
    characteristic: Annotated[str, label("Characteristic")]
    category: Annotated[str, label("Category")]
    stage: Annotated[str, label("Stage")]
    among: Annotated[str, label("Among")]
    of: Annotated[int | None, count("People")]
    reached: Annotated[int | None, count("Reached the stage")]
    not_reached: Annotated[int | None, count("Not reached, or not known")]
    share_reached: Annotated[
        float | None,
        share(
            "Reached, per cent of the category",
            numerator="reached",
            of="of",
            complement="not_reached",
            guarded=True,
        ),
    ]
    elsewhere: Annotated[int | None, count("In another category, or not known")]
    everybody: Annotated[int | None, count("All of the group")]
    share_of_all: Annotated[
        float | None,
        share(
            "Part of all, per cent",
            numerator="reached",
            of="everybody",
            complement="elsewhere",
            parts_of=("group", "characteristic", "stage"),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """Of how many people of one group a characteristic is known."""

    group: Annotated[str, label("Group")]
    characteristic: Annotated[str, label("Characteristic")]
    people: Annotated[int | None, count("People")]
    missing: Annotated[int | None, count("Not known", part_of="people")]
    known: Annotated[int | None, count("Known", part_of="people")]
    share_missing: Annotated[
        float | None,
        share("Not known, per cent", numerator="missing", of="people", complement="known"),
    ]
    much: Annotated[
        str | None,
        verdict("Not known of", numerator="missing", of="people", limit=MUCH_MISSING),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRateRow:
    """Referrals of some practices, set against all patients on their lists."""

    group: Annotated[str, label("Group")]
    practices_of: Annotated[str, label("Practices")]
    practices: Annotated[int | None, units("Number of practices", of="referred")]
    list_size: Annotated[int | None, count("Registered patients")]
    referred: Annotated[int | None, count("Referred")]
    others: Annotated[int | None, count("Not referred")]
    rate: Annotated[
        float | None,
        share(
            "Referred, per 1,000 registered",
            numerator="referred",
            of="list_size",
            complement="others",
            per=1000,
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChangeRow:
    """Change of the primary outcome up to one wave, in one category of one group."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    characteristic: Annotated[str, label("Characteristic")]
    category: Annotated[str, label("Category")]
    n: Annotated[int | None, count("People with both")]
    estimate: Annotated[float | None, mean("Mean change", of="n")]
    std_error: Annotated[float | None, spread("Standard error", of="n")]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="n", decimals=1)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n")]
    conf_high: Annotated[float | None, mean("to", of="n")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    method: Annotated[str | None, label("Interval", of="n")]


ReachKindRow = ReachRow | KnownRow | ReferralRateRow | CategoryChangeRow
