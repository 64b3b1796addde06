"""The review's studies, its search and their gaps, checked against its own counts."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMPONENTS = ("discovering", "arranging", "relationship", "practical")
DESIGNS = {
    "qualitative": "Interviews, focus groups, observation",
    "observational": "Questionnaires before and after",
    "experimental": "Trials",
    "review": "Reviews of other studies",
}
QUANTITATIVE = ("observational", "experimental")
COLUMNS = ("part", "study", "item", "value", "why")
SAID = "said"
STATUSES = {
    "open": "Open by its design, or told and not counted",
    SAID: "Open by what the review says of the studies together; nothing else was found",
    "partly": "Partly closed: something was published",
    "none": "Not a question for this study",
}


class EvidenceError(Exception):
    """The files do not agree with each other or with the review's own counts."""


@dataclass(frozen=True, slots=True)
class Study:
    """One study of the review.

    Attributes
    ----------
    ref : int
        Its number in the review's list.
    design, detail, country, programme : str
    months : int or None
        Of follow-up; None where the review names none.
    has : tuple of str
        Components of support that it speaks of.
    """

    ref: int
    design: str
    detail: str
    country: str
    programme: str
    months: int | None
    has: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """How one study stands to one gap, and why."""

    ref: int
    gap: str
    status: str
    why: str


@cache
def facts() -> dict[str, Any]:
    """What the review says, as it is kept in evidence.toml."""
    return tomllib.loads((HERE / "evidence.toml").read_text(encoding="utf-8"))


@cache
def studies() -> tuple[Study, ...]:
    """The studies in the order of the review's list.

    Raises
    ------
    EvidenceError
        The files do not agree: every disagreement at once.
    """
    with (HERE / "studies.csv").open(encoding="utf-8", newline="") as file:
        found = tuple(_study(row) for row in csv.DictReader(file))  # noqa: TID251 - a file of ours
    faults = [*_faults(found), *search_faults(facts()["search"], len(found))]
    if faults:
        raise EvidenceError("\n".join(faults))
    return found


def _study(row: dict[str, str]) -> Study:
    months = row["follow_up_months"]
    return Study(
        ref=int(row["ref"]),
        design=row["design"],
        detail=row["detail"],
        country=row["country"],
        programme=row["intervention"],
        months=int(months) if months else None,
        has=tuple(name for name in COMPONENTS if row[name] == "1"),
    )


def _faults(found: tuple[Study, ...]) -> Iterator[str]:
    told = Counter(name for study in found for name in study.has)
    for name, one in facts()["components"].items():
        if told[name] != one["studies"]:
            yield f"{name}: {told[name]} studies in studies.csv, {one['studies']} in the review"
    refs = [study.ref for study in found]
    if len(set(refs)) < len(refs):
        yield "a study stands twice in studies.csv"
    held = {study.ref for study in found if study.design in QUANTITATIVE}
    if {one["ref"] for one in facts()["studies"]} != held:
        yield "evidence.toml does not name exactly the quantitative studies"


def search_faults(search: dict[str, Any], included: int) -> Iterator[str]:
    """Every figure of the search that does not follow from those before it.

    Parameters
    ----------
    search : dict
        As in evidence.toml.
    included : int
        Studies that there are.

    Yields
    ------
    str
    """
    for stream in ("databases", "grey"):
        numbers = [search[stream + part] for part in ("", "_full_text", "_included")]
        if sorted(numbers, reverse=True) != numbers:
            yield f"{stream}: numbers rise on the way down"
    parts = search["databases_included"] + search["grey_included"] + search["update_included"]
    if not parts == search["included"] == included:
        yield f"{parts} studies from the streams, {search['included']} said, {included} listed"


def screened(search: dict[str, Any]) -> int:
    """Records whose titles and abstracts were read: all from databases but the duplicates."""
    return int(search["databases"] - search["duplicates"])


def followed(study: Study) -> int | None:
    """Months of follow-up: those that the review names, or else those of the study's own paper."""
    published = {one["ref"]: one.get("months_published") for one in facts()["studies"]}
    return study.months or published.get(study.ref)


def gaps() -> tuple[Gap, ...]:
    """Every gap of every quantitative study, in the order of both lists."""
    found = []
    for one in facts()["studies"]:
        for gap in facts()["gaps"]:
            told = one["gaps"].get(gap, {"status": SAID, "why": STATUSES[SAID]})
            found.append(Gap(one["ref"], gap, told["status"], told["why"]))
    return tuple(found)


def rows() -> list[dict[str, Any]]:
    """Every number and verdict of the page, for a file."""
    search = facts()["search"]
    found = [
        {"part": "search", "item": name, "value": value}
        for name, value in search.items()
        if isinstance(value, int)
    ]
    found.append({"part": "search", "item": "screened", "value": screened(search)})
    for study in studies():
        found += [
            {"part": "component", "study": study.ref, "item": name, "value": int(name in study.has)}
            for name in COMPONENTS
        ]
        found.append(
            {"part": "follow-up", "study": study.ref, "item": "months", "value": followed(study)}
        )
    found += [
        {"part": "gap", "study": gap.ref, "item": gap.gap, "value": gap.status, "why": gap.why}
        for gap in gaps()
    ]
    return found
