"""The data dictionary of a REDCap project: fields, choices, ranges, missing data codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.text import text_records

# Headings of the download, and those that the API gives.
_HEADINGS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "kind": ("Field Type", "field_type"),
    "choices": (
        "Choices, Calculations, OR Slider Labels",
        "Choices OR Calculations",
        "select_choices_or_calculations",
    ),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "low": ("Text Validation Min", "text_validation_min"),
    "high": ("Text Validation Max", "text_validation_max"),
    "annotation": ("Field Annotation", "field_annotation"),
}
_NEEDED = ("name", "form", "kind")
_CHOSEN = {"radio", "dropdown", "checkbox"}
_FIXED = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
COMPLETE = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
_MISSING = re.compile(r"missing (?:data )?codes?\s*[:=]\s*([^@\r\n]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the project.

    Attributes
    ----------
    form : str
        Instrument (form) that it stands on.
    kind, validation : str
        ``text``, ``radio``, ``checkbox``, ...; and how its text is validated.
    choices : mapping of str to str
        Label of each code; empty where it is not chosen from a list.
    low, high : str
        Limits of validation as written; empty where there is none.
    missing : mapping of str to str
        Missing data codes of its annotation, each with what it means.
    """

    form: str
    kind: str
    validation: str
    choices: Mapping[str, str] = field(default_factory=dict)
    low: str = ""
    high: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_date(self) -> bool:
        """Whether its text is a date, with or without a time."""
        return self.validation.startswith(("date_", "datetime_"))


def read_dictionary(file: Opened) -> dict[str, Field] | None:
    """Read a data dictionary.

    Parameters
    ----------
    file : Opened
        The CSV file that REDCap gives under "Download the current Data Dictionary", or its API.

    Returns
    -------
    dict of str to Field, or None
        In the order of the file; None where it is no data dictionary, which is reported.
    """
    records = text_records(file)
    if records is None:
        return None
    header = [cell.strip() for cell in records[0]] if records else []
    place = {
        key: header.index(name)
        for key, names in _HEADINGS.items()
        for name in names
        if name in header
    }
    if not all(key in place for key in _NEEDED):
        problem = "is not a REDCap data dictionary: it lacks the field's name, form or type"
        file.refuse(problem, "Download the data dictionary from REDCap as CSV.", "SW43")
        return None
    rows = (_cells(record, place) for record in records[1:])
    return {row["name"]: _field(row) for row in rows if row["name"]}


def _cells(record: Sequence[str], place: Mapping[str, int]) -> dict[str, str]:
    cells = dict.fromkeys(_HEADINGS, "")
    return cells | {k: record[i].strip() for k, i in place.items() if i < len(record)}


def _field(row: Mapping[str, str]) -> Field:
    kind = row["kind"]
    said = _MISSING.search(row["annotation"])
    return Field(
        form=row["form"],
        kind=kind,
        validation=row["validation"],
        choices=_FIXED.get(kind) or (_choices(row["choices"]) if kind in _CHOSEN else {}),
        low=row["low"],
        high=row["high"],
        missing=_choices(said[1]) if said else {},
    )


def _choices(written: str) -> dict[str, str]:
    """Codes with their labels, as in ``1, Yes | 2, No``."""
    pairs = (choice.partition(",") for choice in written.split("|"))
    return {code.strip(): label.strip() or code.strip() for code, _, label in pairs if code.strip()}
