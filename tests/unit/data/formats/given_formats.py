"""One small study, and how to write it in every kind of file."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
import pandas as pd
import pyreadstat

from tests.unit.given_study import Rows, csv_text, edited, long_plan, plan_of, write_xlsx

HERE = Path(__file__).parent
REFUSED = "Refused"
CODE = -99  # what stands for it where the file has no better way


def _day(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


PEOPLE: Rows = [
    ["person", "arm", "practice", "referred"],
    [17, "link", "A", _day(1, 5)],
    [18, "link", "B", _day(1, 6)],
    [19, "usual", "A", _day(1, 7)],
    [20, "usual", "C", None],
]
LONG: Rows = [
    ["person", "wave", "date", "phq"],
    [17, "baseline", _day(1, 5), 10.0],
    [17, "month_3", _day(4, 7), 6.125],
    [18, "baseline", _day(1, 8), CODE],
    [18, "month_3", _day(4, 9), 27.0],
    [19, "baseline", _day(1, 7), 0.0],
    [19, "month_3", _day(4, 1), None],
    [20, "baseline", None, 12.5],
]
WIDE: Rows = [
    ["person", "arm", "practice", "referred", "phq_0", "phq_3", "day_0", "day_3"],
    [17, "link", "A", _day(1, 5), 10.0, 6.125, _day(1, 5), _day(4, 7)],
    [18, "link", "B", _day(1, 6), CODE, 27.0, _day(1, 8), _day(4, 9)],
    [19, "usual", "A", _day(1, 7), 0.0, None, _day(1, 7), _day(4, 1)],
    [20, "usual", "C", None, 12.5, None, None, None],
]
TABLES = {"people": PEOPLE, "long": LONG, "wide": WIDE}
SCORES = ("phq", "phq_0", "phq_3")
ARMS = {1.0: "link", 2.0: "usual"}


def plan(layout: str, ending: str, **of_file: Any) -> dict[str, Any]:
    """Plan of the study in one layout, its files of one ending and with the same settings."""
    made = edited(long_plan(dated=True), "design", "controlled_cohort")
    made["arms"] = plan_of("controlled_cohort")["arms"]
    person = {"person": "person", "arm": "arm", "cluster": "practice"}
    made["files"][0] |= {"path": f"people{ending}", "columns": person}
    made["files"][1]["path"] = f"long{ending}"
    if layout == "wide":
        made["files"] = [
            {
                "table": "measures",
                "path": f"wide{ending}",
                "columns": person,
                "scores": {"phq9": {"baseline": "phq_0", "month_3": "phq_3"}},
                "dates": {"baseline": "day_0", "month_3": "day_3"},
            }
        ]
    for file in made["files"]:
        file.update(of_file)
    return made


def coded(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan whose measures declare the code for "refused"."""
    plan["files"][-1]["missing_codes"] = {"*": {str(CODE): REFUSED}}
    return plan


def as_text(rows: Rows, *, form: str = "%Y-%m-%d", decimal: str = ".") -> list[list[str]]:
    """Cells as a CSV file holds them."""

    def text(cell: Any) -> str:
        if cell is None:
            return ""
        if isinstance(cell, dt.date):
            return cell.strftime(form)
        return f"{cell:g}".replace(".", decimal) if isinstance(cell, float) else str(cell)

    return [[text(cell) for cell in row] for row in rows]


def write_csv(path: Path, rows: Rows) -> None:
    path.write_text(csv_text(as_text(rows)), encoding="utf-8")


def write_tsv(path: Path, rows: Rows) -> None:
    path.write_text(csv_text(as_text(rows), delimiter="\t"), encoding="utf-8")


def write_european(path: Path, rows: Rows) -> None:
    text = csv_text(as_text(rows, form="%d.%m.%Y", decimal=","), delimiter=";")
    path.write_bytes(text.replace("practice", "praxisö").encode("cp1252"))


def write_excel(path: Path, rows: Rows) -> None:
    write_xlsx(path, {"Sheet1": rows})


def copy_xls(path: Path, rows: Rows) -> None:
    """Take the workbook that make_xls.py wrote from the same rows."""
    path.write_bytes((HERE / "xls" / path.name).read_bytes())


def ods_bytes_of(sheets: Mapping[str, str]) -> Mapping[str, bytes]:
    """Parts of an OpenDocument workbook from the XML of its rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{of}:1.0"'
        for name, of in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items()
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    return {
        "mimetype": kind.encode(),
        "content.xml": b'<?xml version="1.0" encoding="UTF-8"?>' + content.encode(),
        "META-INF/manifest.xml": manifest.encode(),
    }


def zip_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def ods_row(cells: Sequence[Any]) -> str:
    """XML of one row."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            said = f'date" office:date-value="{value.isoformat()}'
        elif isinstance(value, int | float):
            said = f'float" office:value="{value}'
        else:
            said = "string"
        shown = escape(str(value))
        return (
            f'<table:table-cell office:value-type="{said}"><text:p>{shown}</text:p>'
            "</table:table-cell>"
        )

    return f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"


# As LibreOffice writes them: one empty cell repeated to the end of the row and of the sheet.
ODS_TAIL = (
    '<table:table-row table:number-rows-repeated="1048571">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def write_ods(path: Path, rows: Rows) -> None:
    zip_parts(path, ods_bytes_of({"Sheet1": "".join(map(ods_row, rows)) + ODS_TAIL}))


def frame(rows: Rows) -> pd.DataFrame:
    """Rows as a data frame whose columns have one type each."""
    table = pd.DataFrame(rows[1:], columns=rows[0])
    for name in table.columns.intersection(["person", *SCORES]):
        table[name] = table[name].astype(float)
    return table


def write_parquet(path: Path, rows: Rows) -> None:
    data = frame(rows)
    for name in data.columns.intersection(["referred", "date", "day_0", "day_3"]):
        data[name] = pd.to_datetime(data[name]).astype("datetime64[us]")
    data["person"] = data["person"].astype(int)
    with duckdb.connect() as connection:
        connection.from_df(data).write_parquet(str(path))


def _labelled(rows: Rows) -> tuple[pd.DataFrame, dict[str, dict[Any, str]]]:
    data = frame(rows)
    if "arm" not in data:
        return data, {}
    codes = {label: code for code, label in ARMS.items()}
    data["arm"] = data["arm"].map(codes)
    return data, {"arm": dict(ARMS)}


def write_spss(path: Path, rows: Rows) -> None:
    data, labels = _labelled(rows)
    scores = [name for name in SCORES if name in data]
    labels |= {name: {float(CODE): REFUSED} for name in scores}
    pyreadstat.write_sav(
        data,
        path,
        variable_value_labels=labels,
        missing_ranges={name: [{"lo": CODE, "hi": CODE}] for name in scores},
        compress=path.suffix == ".zsav",
    )


def write_stata(path: Path, rows: Rows) -> None:
    data, labels = _labelled(rows)
    scores = [name for name in SCORES if name in data]
    for name in scores:
        data[name] = data[name].astype(object).where(data[name] != CODE, "a")
    labels |= {name: {"a": REFUSED} for name in scores}
    pyreadstat.write_dta(
        data,
        path,
        variable_value_labels=labels,
        missing_user_values={name: ["a"] for name in scores},
    )


Writer = Callable[[Path, Rows], None]
WRITERS: dict[str, tuple[str, Writer, dict[str, Any]]] = {
    "CSV": (".csv", write_csv, {}),
    "text": (".txt", write_csv, {}),
    "tabs": (".tsv", write_tsv, {}),
    "semicolons, decimal commas, cp1252": (
        ".csv",
        write_european,
        {"delimiter": ";", "decimal": ",", "encoding": "cp1252", "date_format": "%d.%m.%Y"},
    ),
    "xlsx": (".xlsx", write_excel, {}),
    "xls": (".xls", copy_xls, {}),
    "ods": (".ods", write_ods, {}),
    "Parquet": (".parquet", write_parquet, {}),
    "SPSS": (".sav", write_spss, {}),
    "SPSS, packed": (".zsav", write_spss, {}),
    "Stata": (".dta", write_stata, {}),
}
KEEPS_REASONS = {"SPSS", "SPSS, packed", "Stata"}  # no code has to be declared
