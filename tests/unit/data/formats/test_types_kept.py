"""Files that keep types: numbers exact, labels and reasons told apart, dates as days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.files import read_sheet
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from tests.unit.given_study import edited, given_study, pre_post_plan
from tests.unit.loading import loaded, only_fault, scores


def sheet_of(path: Path, **spec: Any) -> Sheet:
    ledger = Ledger()
    sheet, _ = read_sheet(
        path.parent, File.model_validate({"table": "people", "path": path.name} | spec), ledger
    )
    assert ledger.findings == []
    assert sheet is not None
    return sheet


def parquet(folder: Path, columns: str, rows: int = 2, name: str = "a.parquet") -> Path:
    """Write columns of SQL over i = 0, 1, ... as a Parquet file."""
    path = folder / name
    with duckdb.connect() as connection:
        connection.sql(f"SELECT {columns} FROM range({rows}) AS t(i)").write_parquet(str(path))
    return path


def cells(folder: Path, expression: str) -> Any:
    """Cells of one Parquet column, with a NULL in its second row."""
    column = f"CASE WHEN i = 0 THEN {expression} END AS x, i AS y"
    return sheet_of(parquet(folder, column)).cells["x"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1::TINYINT", 1.0),
        ("9007199254740992", 2.0**53),
        ("6.1::FLOAT", 6.1),
        ("1.25::DECIMAL(5, 2)", 1.25),
        ("true", 1.0),
        ("false", 0.0),
        ("4::UINTEGER", 4.0),
    ],
)
def test_numbers_are_doubles_as_they_were_written(tmp_path, expression, value):
    found = cells(tmp_path, expression)
    assert found.dtype == np.float64
    assert found[0] == value
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("9007199254740993", "9007199254740993"),
        ("-9007199254740993", "-9007199254740993"),
        ("18446744073709551615::UBIGINT", "18446744073709551615"),
        ("123456789012345678901::DECIMAL(38, 0)", "123456789012345678901"),
        ("chr(9) || ' a b ' || chr(160)", "a b"),
        ("''", ""),
        ("'x'::BLOB", "x"),
        ("TIME '10:30:00'", "10:30:00"),
    ],
)
def test_text_and_whole_numbers_that_a_double_would_round_are_text(tmp_path, expression, text):
    assert cells(tmp_path, expression).tolist() == [text, ""]


@pytest.mark.parametrize(
    "expression",
    [
        "DATE '2026-01-05'",
        "TIMESTAMP '2026-01-05 23:59:59'",
        "TIMESTAMP_NS '2026-01-05 23:59:59'",
        "TIMESTAMPTZ '2026-01-05 00:00:00+00'",
    ],
)
def test_dates_and_times_are_days(tmp_path, expression):
    found = cells(tmp_path, expression)
    assert found.dtype == np.dtype("M8[D]")
    assert found.tolist() == [dt.date(2026, 1, 5), None]


def test_a_date_beyond_the_calendar_is_a_fault(tmp_path):
    parquet(tmp_path, "i, CASE WHEN i = 1 THEN DATE '12026-01-01' END AS d")
    ledger = Ledger()
    read_sheet(tmp_path, File.model_validate({"table": "people", "path": "a.parquet"}), ledger)
    (fault,) = ledger.findings
    assert (fault.code, fault.rows) == ("SW04", (3,))


def test_pseudonyms_beyond_the_exact_numbers_stay_two_people(tmp_path):
    plan = edited(pre_post_plan(), "files.0.path", "scores.parquet")
    given_study(tmp_path, plan)
    columns = "9007199254740992 + i AS person, 10 AS phq_0, 5 AS phq_3"
    parquet(tmp_path, columns, name="scores.parquet")
    assert list(scores(loaded(tmp_path, plan))) == ["9007199254740992", "9007199254740993"]


def test_text_where_a_number_is_declared_counts_if_it_is_one_and_is_a_fault_if_not(tmp_path):
    plan = edited(pre_post_plan(), "files.0.path", "scores.parquet")
    given_study(tmp_path, plan)
    columns = "'p' || i AS person, '6.5' AS phq_0, 5 AS phq_3"
    parquet(tmp_path, columns, name="scores.parquet")
    assert scores(loaded(tmp_path, plan))["p0"] == [6.5, 5.0]
    columns = columns.replace("'6.5'", "CASE WHEN i = 1 THEN 'six' ELSE '7' END")
    parquet(tmp_path, columns, name="scores.parquet")
    fault = only_fault(tmp_path, plan)
    assert (fault.code, fault.rows) == ("SW04", (3,))


def spss(folder: Path, **options: Any) -> Path:
    data = pd.DataFrame(
        {
            "x": [1.0, -99.0, -98.5, np.nan],
            "sex": ["F", "M", "R ", ""],
            "day": [dt.date(2026, 1, 5), None, dt.date(1890, 1, 1), dt.date(2026, 1, 6)],
            "time": [dt.datetime(2026, 1, 5, 23, 59), None, None, None],
        }
    )
    path = folder / "a.sav"
    labels: dict[str, dict[Any, str]] = {
        "x": {1: "Some", -99: "Refused"},
        "sex": {"F": "Female", "R": "Refused"},
    }
    pyreadstat.write_sav(
        data,
        path,
        missing_ranges={"x": [-99, {"lo": -98.9, "hi": -98}], "sex": ["R"]},
        variable_value_labels=labels,
        **options,
    )
    return path


def test_spss_keeps_labels_days_and_why_a_value_is_missing(tmp_path):
    sheet = sheet_of(spss(tmp_path))
    assert np.nan_to_num(sheet.cells["x"], nan=-1).tolist() == [1.0, -1, -1, -1]
    assert sheet.reasons["x"].tolist() == ["", "Refused", "user-missing", ""]
    assert sheet.labels == {"x": {1.0: "Some", -99.0: "Refused"}}
    assert sheet.cells["sex"].tolist() == ["Female", "M", "", ""]
    assert sheet.reasons["sex"].tolist() == ["", "", "Refused", ""]
    days = [dt.date(2026, 1, 5), None, dt.date(1890, 1, 1), dt.date(2026, 1, 6)]
    assert sheet.cells["day"].tolist() == days
    assert sheet.cells["time"].tolist() == [dt.date(2026, 1, 5), None, None, None]
    assert sheet.rows.tolist() == [2, 3, 4, 5]


def test_a_portable_file_keeps_its_values(tmp_path):
    data = pd.DataFrame({"X": [1.0, -99.0, np.nan], "N": [" a", "b", ""]})
    pyreadstat.write_por(data, tmp_path / "a.por")
    ledger, spec = Ledger(), File.model_validate({"table": "people", "path": "a.por"})
    sheet, _ = read_sheet(tmp_path, spec, ledger)
    assert sheet is not None
    (told,) = ledger.findings  # SPSS may take -99 for missing, and nobody else knows
    assert (told.code, told.severity, told.file) == ("SW137", Severity.NOTE, "a.por")
    assert "[files.missing_codes]" in told.remedy
    assert ".sav" in told.remedy
    assert np.nan_to_num(sheet.cells["X"], nan=-1).tolist() == [1.0, -99.0, -1]
    assert sheet.cells["N"].tolist() == ["a", "b", ""]


def test_stata_tells_its_missing_values_apart(tmp_path):
    data = pd.DataFrame({"x": [1.0, "a", "z", None], "f": [1, 2, 3, 4]}, dtype=object)
    data["month"] = [0.0, -1.0, 795.0, np.nan]
    data["f"] = data["f"].astype(float)
    labels: dict[str, dict[Any, str]] = {"x": {1: "Some", "a": "Refused"}}
    pyreadstat.write_dta(
        data,
        tmp_path / "a.dta",
        missing_user_values={"x": ["a", "z"]},
        variable_value_labels=labels,
        variable_format={"month": "%tm"},
    )
    sheet = sheet_of(tmp_path / "a.dta")
    assert sheet.reasons["x"].tolist() == ["", "Refused", ".z", ""]
    assert np.nan_to_num(sheet.cells["x"], nan=-1).tolist() == [1.0, -1, -1, -1]
    assert sheet.labels["x"] == {1.0: "Some"}
    months = [dt.date(1960, 1, 1), dt.date(1959, 12, 1), dt.date(2026, 4, 1), None]
    assert sheet.cells["month"].tolist() == months


def test_a_single_precision_score_at_its_limit_is_not_out_of_range(tmp_path):
    plan = edited(pre_post_plan(), "files.0.path", "scores.parquet")
    plan = edited(plan, "outcomes.0.range", [-0.285, 0.1])
    given_study(tmp_path, plan)
    columns = "'p' || i AS person, 0.1::FLOAT AS phq_0, -0.285::FLOAT AS phq_3"
    parquet(tmp_path, columns, name="scores.parquet")
    assert scores(loaded(tmp_path, plan))["p0"] == [0.1, -0.285]


def test_checking_a_typed_file_loads_no_pandas(tmp_path):
    import subprocess
    import sys

    spss(tmp_path)
    parquet(tmp_path, "i AS x")
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from splw_eval.core.plan import File\nfrom splw_eval.data.files import read_sheet\n"
        "from splw_eval.data.ledger import Ledger\n"
        "early = {'duckdb', 'pyreadstat', 'python_calamine'} & set(sys.modules)\n"
        "for name in ('a.sav', 'a.parquet'):\n"
        "    read_sheet(Path(sys.argv[1]), File(table='people', path=name), Ledger())\n"
        "print(sorted(early), 'pandas' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split("\n")[0] == "[] False"
