"""A REDCap project: its data dictionary and its export, of the same study as the other files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.data.formats.given_formats import ARMS, CODE, LONG, PEOPLE, REFUSED, as_text, plan
from tests.unit.given_study import Rows, csv_text

HEADINGS = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Field Annotation",
]


def field(name: str, form: str, kind: str = "text", **more: str) -> list[str]:
    """Give one row of a data dictionary."""
    row = dict.fromkeys(HEADINGS, "")
    row |= {HEADINGS[0]: name, "Form Name": form, "Field Type": kind, "Field Label": name}
    short = {"choices": 5, "validation": 7, "low": 8, "high": 9, "annotation": 10}
    return [*(row | {HEADINGS[short[key]]: value for key, value in more.items()}).values()]


DICTIONARY: Rows = [
    HEADINGS,
    field("person", "intake"),
    field("arm", "intake", "radio", choices="1, link | 2, usual"),
    field("practice", "intake"),
    field("referred", "intake", validation="date_dmy", low="2020-01-01", high="today"),
    field("needs", "intake", "checkbox", choices="1, Money | 2, Housing | -9, Other"),
    field("date", "phq9", validation="datetime_dmy"),
    field(
        "phq",
        "phq9",
        validation="number",
        low="0",
        high="27",
        annotation=f"@NOMISSING missing codes: {CODE}, {REFUSED} | NASK, Not asked",
    ),
    field("visit_date", "visit", validation="date_dmy"),
    field("minutes", "visit", validation="integer", low="0", high="600"),
]
EXPORT_HEADER = [
    "person",
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "arm",
    "practice",
    "referred",
    "needs___1",
    "needs___2",
    "needs____9",
    "intake_complete",
    "date",
    "phq",
    "phq9_complete",
    "visit_date",
    "minutes",
    "visit_complete",
]


def export() -> Rows:
    """Rows of the export: each event of each person, and a repeated form that is not asked for."""
    codes = {label: f"{code:g}" for code, label in ARMS.items()}
    rows: Rows = [EXPORT_HEADER]
    people, long = as_text(PEOPLE)[1:], as_text(LONG)[1:]
    for person, arm, practice, referred in people:
        events = {wave: (date, phq) for p, wave, date, phq in long if p == person}
        for wave in ("baseline", "month_3"):
            date, phq = events.get(wave, ("", ""))
            time = f"{date} 10:30" if date else ""
            first = wave == "baseline"
            intake = [codes[arm], practice, referred, "1", "0", "0", "2"]
            empty = ["", "", "", "0", "0", "0", ""]
            rows.append(
                [person, f"{wave}_arm_1", "", ""]
                + (intake if first else empty)
                + [time, phq, "2" if phq else "0", "", "", ""]
            )
        visit = ["baseline_arm_1", "visit", "1", *[""] * 10, "2026-02-01", "45", "2"]
        rows.append([person, *visit])
    return rows


def redcap_plan(**of_file: Any) -> dict[str, Any]:
    """Plan that reads people and measures from the same export."""
    made = plan("long", ".csv", dictionary="dictionary.csv", **of_file)
    for file in made["files"]:
        file["path"] = "export.csv"
    made["files"][1]["columns"]["wave"] = "redcap_event_name"
    for wave in made["waves"]:
        wave["written"] = [f"{wave['name']}_arm_1"]
    return made


def write_redcap(folder: Path, rows: Rows | None = None, dictionary: Rows | None = None) -> None:
    """Write the export and its dictionary."""
    (folder / "export.csv").write_text(csv_text(rows or export()), encoding="utf-8")
    text = csv_text(dictionary or DICTIONARY)
    (folder / "dictionary.csv").write_text(text, encoding="utf-8")
