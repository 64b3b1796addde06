"""What the records say under each heading of TIDieR, in words made of masked figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import number, percent, whole

FIRST, MINUTES, WEEKS = "contacts attended", "minutes of a contact", "first to last contact"
NO_DATA = ""
_SEVERAL = 4  # kinds named; the table has the others


def of_who(evidence: Evidence) -> str:
    """Say who gave the support."""
    rows = evidence.of("provider_fields").rows
    workers = next((row.workers for row in rows if row.workers is not None), None)
    if workers is None:
        return NO_DATA
    posts = [r for r in evidence.of("provider_numbers").rows if r.in_all is not None]
    full = f", {number(posts[0].in_all, 1)} full-time posts" if posts else ""
    return f"{whole(workers)} link workers{full}; see the page “Who gave the support”."


def of_how(evidence: Evidence) -> str:
    """Say how contacts were made."""
    return _kinds(evidence, "modes", "mode")


def of_where(evidence: Evidence) -> str:
    """Say where contacts were."""
    return _kinds(evidence, "places", "place")


def _kinds(evidence: Evidence, key: str, field: str) -> str:
    """Name the most frequent kinds of contact of each group, with their shares."""
    rows = evidence.of(key).rows
    said = []
    for group in dict.fromkeys(row.group for row in rows):
        own = [r for r in rows if r.group == group and r.share is not None]
        own.sort(key=lambda row: -row.share)
        parts = [f"{getattr(row, field)} {percent(row.share)}" for row in own[:_SEVERAL]]
        if parts:
            said.append(_sentence(f"{_of(rows, group)}{', '.join(parts)} of attended contacts."))
    return " ".join(said)


def _of(rows: tuple[Any, ...], group: str) -> str:
    """Name the group, where there are several with rows."""
    return f"{group}: " if len({row.group for row in rows}) > 1 else ""


def of_when(evidence: Evidence) -> str:
    """Say how many contacts, how long and over which time, by their medians."""
    rows = evidence.of("planned").rows
    said = []
    for group in dict.fromkeys(row.group for row in rows):
        own = {row.measure: row for row in rows if row.group == group}
        parts = [
            words.format(_spread(own[name]))
            for name, words in (
                (FIRST, "{} contacts a person"),
                (MINUTES, "{} minutes a contact"),
                (WEEKS, "{} weeks from the first to the last"),
            )
            if name in own and own[name].median is not None
        ]
        if parts:
            said.append(f"{_of(rows, group)}{'; '.join(parts)}.")
    return " ".join(said)


def _spread(row: Any) -> str:
    middle = number(row.median, 0)
    if row.lower is None or row.upper is None:
        return middle
    return f"{middle} (middle half {number(row.lower, 0)} to {number(row.upper, 0)})"


def of_tailoring(evidence: Evidence) -> str:
    """Say how far support differed between people."""
    rows = [r for r in evidence.of("planned").rows if r.measure == FIRST]
    said = [
        f"{_of(tuple(rows), row.group)}a quarter of people had {number(row.lower, 0)} contacts or "
        f"fewer, a quarter {number(row.upper, 0)} or more."
        for row in rows
        if row.lower is not None and row.upper is not None
    ]
    return _sentence(" ".join(said))


def of_modifications(evidence: Evidence) -> str:
    """Say which deviations are declared."""
    told = " ".join(f"{words.rstrip('.')}." for words in evidence.plan.governance.deviations)
    return f"Deviations declared: {told}" if told else "No deviation is declared."


def of_planned(evidence: Evidence) -> str:
    """Say which numbers were planned."""
    planned = evidence.plan.tidier.planned if evidence.plan.tidier else None
    if planned is None:
        return NO_DATA
    parts = []
    for ends, words in ((planned.contacts, "contacts"), (planned.minutes, "minutes a contact")):
        if ends is not None:
            parts.append(f"{ends[0]:g} to {ends[1]:g} {words}")
    if planned.weeks is not None:
        parts.append(f"up to {planned.weeks:g} weeks")
    return _sentence(f"{', '.join(parts)}.") if parts else NO_DATA


def of_actual(evidence: Evidence) -> str:
    """Say what part of people got what was planned."""
    rows = evidence.of("planned").rows
    said = []
    for group in dict.fromkeys(row.group for row in rows):
        own = [r for r in rows if r.group == group and r.share_within is not None]
        parts = [f"{row.measure} {percent(row.share_within)}" for row in own]
        if parts:
            said.append(f"{_of(rows, group)}as planned: {', '.join(parts)} of people.")
    return _sentence(" ".join(said))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


TOLD: Mapping[str, Callable[[Evidence], str]] = {
    "who_provided": of_who,
    "how": of_how,
    "where": of_where,
    "when_and_how_much": of_when,
    "tailoring": of_tailoring,
    "modifications": of_modifications,
    "fidelity_planned": of_planned,
    "fidelity_actual": of_actual,
}
"""By field of [tidier]; the others are declared alone."""
