"""One REDCap project exported wide and long: the same study, cell for cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import File
from splw_eval.data import Study, load_study
from splw_eval.data.files import read_sheet
from splw_eval.data.ledger import Ledger
from tests.unit.data.formats.given_formats import ARMS, LONG, PEOPLE, as_text
from tests.unit.data.formats.given_redcap import HEADINGS, field, redcap_plan, write_redcap
from tests.unit.data.formats.test_same_study import held, reference
from tests.unit.given_study import Rows, write_plan

WAVES = ("baseline", "month_3")
# Named as the codebook names them, on the form of the start.
INTAKE = [
    field("person", "intake"),
    field("arm", "intake", "radio", choices="1, link | 2, usual"),
    field("cluster", "intake"),
    field("link_worker", "intake"),
    field("referred", "intake", validation="date_dmy"),
    field("needs", "intake", "checkbox", choices="1, Money"),
]
LIMITS = {"validation": "number", "low": "0", "high": "27"}


def intake(person: list[str]) -> list[str]:
    codes = {label: f"{code:g}" for code, label in ARMS.items()}
    _, arm, practice, referred = person
    return [codes[arm], practice, "w1", referred, "1", "2"]


def long_export() -> tuple[Rows, Rows]:
    """Return an export with a row for each event, and its dictionary."""
    measured = [field("date", "phq9", validation="datetime_dmy"), field("phq", "phq9", **LIMITS)]
    header = ["person", "redcap_event_name", "arm", "cluster", "link_worker", "referred"]
    rows: Rows = [[*header, "needs___1", "intake_complete", "date", "phq", "phq9_complete"]]
    people, long = as_text(PEOPLE)[1:], as_text(LONG)[1:]
    for person in people:
        events = {wave: (date, phq) for p, wave, date, phq in long if p == person[0]}
        for wave in WAVES:
            form = [*events.get(wave, ("", "")), "2" if wave in events else ""]
            start = intake(person) if wave == "baseline" else ["", "", "", "", "0", ""]
            rows.append([person[0], f"{wave}_arm_1", *start, *form])
    return rows, [HEADINGS, *INTAKE, *measured]


def wide_export() -> tuple[Rows, Rows]:
    """Return an export with a row for each person, and its dictionary."""
    header = ["person", "arm", "cluster", "link_worker", "referred", "needs___1", "intake_complete"]
    fields = list(INTAKE)
    for wave in WAVES:
        header += [f"date_{wave}", f"phq_{wave}", f"phq9_{wave}_complete"]
        fields.append(field(f"date_{wave}", f"phq9_{wave}", validation="datetime_dmy"))
        fields.append(field(f"phq_{wave}", f"phq9_{wave}", **LIMITS))
    rows: Rows = [header]
    people, long = as_text(PEOPLE)[1:], as_text(LONG)[1:]
    for person in people:
        row = [person[0], *intake(person)]
        events = {wave: (date, phq) for p, wave, date, phq in long if p == person[0]}
        for wave in WAVES:
            row += [*events.get(wave, ("", "")), "2" if wave in events else ""]
        rows.append(row)
    return rows, [HEADINGS, *fields]


def study(folder: Path, layout: str) -> Study:
    """Study of the people and the measures in one export."""
    folder.mkdir(exist_ok=True)
    write_redcap(folder, *(long_export() if layout == "long" else wide_export()))
    made = redcap_plan(missing_codes={"*": {"-99": "Refused"}})
    made["files"][0]["columns"] = {"person": "person", "arm": "arm"}
    if layout == "wide":
        made["files"][1] |= {
            "layout": "wide",
            "columns": {"person": "person"},
            "scores": {"phq9": {wave: f"phq_{wave}" for wave in WAVES}},
            "dates": {wave: f"date_{wave}" for wave in WAVES},
        }
    return load_study(write_plan(folder, made))


def read(folder: Path, table: str, export: tuple[Rows, Rows], **spec: Any):
    write_redcap(folder, *export)
    ledger = Ledger()
    section = {"path": "export.csv", "dictionary": "dictionary.csv", "table": table} | spec
    sheet, _ = read_sheet(folder, File.model_validate(section), ledger)
    assert sheet is not None
    return sheet, ledger.findings


MEASURES: dict[str, Any] = {
    "layout": "long",
    "columns": {"person": "person", "wave": "redcap_event_name", "date": "date"},
    "scores": {"phq9": "phq"},
}


def test_a_form_of_people_makes_no_questionnaire_of_the_row_it_stands_on(tmp_path):
    rows, fields = long_export()
    started = rows[7]  # the start of the last person: no questionnaire was filled
    started[-3:] = ["", "", ""]
    sheet, _ = read(tmp_path, "measures", (rows, fields), **MEASURES)
    assert sheet.rows.tolist() == [2, 3, 4, 5, 6, 7]
    people, _ = read(tmp_path, "people", (rows, fields), columns={"arm": "arm"})
    assert people.rows.tolist() == [2, 4, 6, 8]


def test_a_form_of_people_makes_no_contact_of_the_row_it_stands_on(tmp_path):
    rows, fields = long_export()
    wide = [[*row, "", ""] for row in rows]
    wide[0][-2:] = ["visit_date", "minutes"]
    wide[1][-2:] = ["2026-02-01", "45"]
    fields = [*fields, field("visit_date", "visit"), field("minutes", "visit")]
    sheet, _ = read(tmp_path, "contacts", (wide, fields), columns={"date": "visit_date"})
    assert sheet.rows.tolist() == [2]


def test_wide_and_long_exports_give_the_same_study(tmp_path):
    long, wide = study(tmp_path / "long", "long"), study(tmp_path / "wide", "wide")
    by_file, expected = {"day", "wave", "counted"}, reference("long")
    for found in (long, wide):
        cells = held(found)
        assert {k: cells[k] for k in expected if k not in by_file} == {
            k: v for k, v in expected.items() if k not in by_file
        }
    assert held(long) == expected
    assert records(wide) == records(long)


def records(study: Study) -> list[tuple[object, ...]]:
    """Every questionnaire, in an order that is of no file."""
    placed, measures = study.placed, study.placed.measures
    columns: list[NDArray[Any]] = [measures.person, placed.wave, placed.day]
    columns += [placed.counted[:, 0], measures.scores[:, 0], measures.date.astype(str)]
    return sorted(zip(*(np.char.mod("%s", c).tolist() for c in columns), strict=True))


def test_limits_are_told_by_the_table_that_reads_the_column_and_by_no_other(tmp_path):
    rows, fields = wide_export()
    fields = [[f[0], "intake", *f[2:]] if f[1] != "Form Name" else f for f in fields]
    people, of_people = read(tmp_path, "people", (rows, fields), columns={"arm": "arm"})
    assert people.cells["phq_baseline"].tolist()[1] == "-99"
    assert [f.code for f in of_people] == []
    where = {"layout": "wide", "scores": {"phq9": {w: f"phq_{w}" for w in WAVES}}}
    _, of_measures = read(tmp_path, "measures", (rows, fields), **where)
    assert [(f.code, f.rows) for f in of_measures] == [("SW44", (3,))]
    codes = {"*": {"-99": "Refused"}}
    assert read(tmp_path, "measures", (rows, fields), **where, missing_codes=codes)[1] == []


def test_choices_of_columns_that_are_not_read_are_not_told(tmp_path):
    rows, fields = wide_export()
    rows = [[*row, "-99" if i else "mood"] for i, row in enumerate(rows)]
    mood = field("mood", "phq9_baseline", "radio", choices="1, Low | 2, High")
    _, found = read(tmp_path, "people", (rows, [*fields, mood]), columns={"arm": "arm"})
    assert [f.code for f in found] == []
