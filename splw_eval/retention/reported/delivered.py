"""What was delivered: contacts, how they were made, levels and components of support."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import Any

from splw_eval.core.delivery_rows import ComponentRow, DoseRow, LevelRow, ModeRow
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.retention.delivery.dose import ContactDose, contact_dose
from splw_eval.retention.reported.told import by_arm, named, notes_of, records_of

KIMBERLEE = (
    "Levels of support: Kimberlee 2015, Advances in Social Sciences Research Journal 2:102; how "
    "they are derived from records is a proposal of this program"
)
_HELD: dict[int, ContactDose] = {}


def describe_dose(study: Study) -> Result[DoseRow]:
    """Give the spread of contacts, minutes, gaps and waits over people.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of DoseRow
    """
    found = _dose(study)
    rows = tuple(
        DoseRow(
            group=named(study, row["group"]),
            measure=_named(row),
            unit="per cent" if row["unit"] == "share" else row["unit"],
            among=row["of"],
            people=row["referrals"],
            known=row["known"],
            none=row["none"],
            lower=_scaled(row, "lower"),
            median=_scaled(row, "median"),
            upper=_scaled(row, "upper"),
        )
        for row in records_of(found.per_person)
    )
    return _result(found, "dose", "What each person got", DoseRow, rows, notes=True)


def describe_modes(study: Study) -> Result[ModeRow]:
    """Count attended contacts by how they were made.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ModeRow
    """
    found = _dose(study)
    rows = tuple(
        ModeRow(
            group=named(study, row["group"]),
            mode=row["mode"],
            remote=row["remote"],
            people=row["people"],
            contacts=row["contacts"],
            of_contacts=row["of_contacts"],
            others=row["of_contacts"] - row["contacts"],
            share=row["share"],
            with_minutes=row["with_minutes"],
            median=row["median"],
        )
        for row in records_of(found.by_mode)
    )
    return _result(found, "modes", "How contacts were made", ModeRow, rows)


def describe_levels(study: Study) -> Result[LevelRow]:
    """Count people by level of support: as declared, and as derived from the records.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LevelRow
    """
    found = _dose(study)
    rows = tuple(
        LevelRow(
            group=named(study, row["group"]),
            kind=row["kind"],
            level=row["level"],
            of=row["of"],
            n=row["n"],
            others=row["of"] - row["n"],
            share=row["share"],
            known=row["known"],
            median=row["median"],
        )
        for row in records_of(found.by_level)
    )
    result = _result(found, "levels", "Levels of support", LevelRow, rows)
    return replace(result, sources=(KIMBERLEE,) if rows else ())


def describe_components(study: Study) -> Result[ComponentRow]:
    """Count people who got each of the four components of support.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ComponentRow
    """
    found = _dose(study)
    rows = tuple(
        ComponentRow(
            group=named(study, row["group"]),
            component=row["component"],
            of=row["of"],
            n=row["people"],
            others=row["of"] - row["people"],
            share=row["share"],
            rows=row["rows"],
        )
        for row in records_of(found.by_component)
    )
    return _result(found, "components", "Components of support", ComponentRow, rows)


def _scaled(row: dict[str, Any], name: str) -> float | None:
    """A quarter of a spread; that of a share per cent."""
    value: float | None = row[name]
    return value if value is None or row["unit"] != "share" else 100 * value


def _named(row: dict[str, Any]) -> str:
    """What was measured; a share says that it is per cent."""
    return f"{row['measure']}, per cent" if row["unit"] == "share" else str(row["measure"])


def _dose(study: Study) -> ContactDose:
    """What was delivered; worked out once for each study."""
    key = id(study)
    if key not in _HELD:
        _HELD[key] = contact_dose(study, by=by_arm(study))
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def _result(
    found: ContactDose, key: str, title: str, row_type: type, rows: Any, *, notes: bool = False
) -> Result[Any]:
    """A result with the words about all of what was delivered, or where it has no rows."""
    told = notes_of(found.notes, found.findings)
    why = notes_of((), found.findings)
    return Result(
        key=key,
        title=title,
        unit=found.unit,
        row_type=row_type,
        rows=rows,
        notes=told if notes else () if rows else why,
    )
