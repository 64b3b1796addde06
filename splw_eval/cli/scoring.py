"""The score command: one file of responses in, one file of scores out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer
from pydantic import ValidationError

from splw_eval.cli.cards import score_lines
from splw_eval.cli.messages import print_findings
from splw_eval.cli.wrapped import print_items, print_line
from splw_eval.core.errors import DataError, OutputError
from splw_eval.core.findings import Finding, Severity, errors_of
from splw_eval.core.plan import File, Plan
from splw_eval.core.plan.measurement import ITEM
from splw_eval.data.files import read_sheet
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import each
from splw_eval.data.sheet import Cells, Sheet
from splw_eval.data.written import number_reader
from splw_eval.instruments import Flag, Instrument, Score
from splw_eval.instruments import instrument as named
from splw_eval.instruments.flags import left_out
from splw_eval.instruments.frames import score_frame
from splw_eval.instruments.headings import Items, find_columns
from splw_eval.instruments.responses import Rows

if TYPE_CHECKING:
    import pandas as pd

ROW = "row"  # heading of the row of the file, where no column tells whose score it is
_LAST = b"scoring"


def run_score(
    file: Path,
    out: Path,
    *,
    instrument: str,
    items: Sequence[str] = (),
    options: Sequence[str] = (),
    missing: Sequence[str] = (),
    id: str | None = None,  # noqa: A002
    folder: Path | None = None,
    reading: Mapping[str, str] | None = None,
) -> None:
    """Score a file and print what was done.

    Parameters
    ----------
    file, out : Path
    instrument : str
        Name in the catalogue.
    items : sequence of str
        ``KEY=COLUMN`` for each, or one pattern with ``{item}``.
    options : sequence of str
        ``NAME=VALUE``.
    missing : sequence of str
        Codes that mean missing.
    id : str or None
        Column that is kept beside the scores.
    folder : Path or None
        Holds the user's own instruments.
    reading : mapping of str to str, optional
        Delimiter, decimal sign, encoding and sheet of the file, as in the plan.

    Raises
    ------
    DataError
        The file or an answer in it cannot be used, or it holds identifiers.
    OutputError
        The scores could not be written; what stood there before still stands.
    """
    asked = named(instrument, folder)
    _refuse_place(out)
    _refuse_other_files(file, out)
    said = _items(items)
    told = _pairs("--option", options)
    sheet = _read(file, asked, said, id, reading or {}, left_out(asked, told))
    scores = score_frame(
        _frame(sheet),
        asked,
        items=said,
        id=id,
        missing=missing,
        options=told,
        rows=Rows(numbers=sheet.rows, file=sheet.spec.place, column=sheet.place),
    )
    if id is None:
        scores.insert(0, ROW, sheet.rows)
    _write(scores, out)
    _print_summary(asked, scores)
    typer.echo(f"Scores: {out}")


def _items(given: Sequence[str]) -> Items | None:
    """Columns of the items as they were typed: pairs, or one pattern."""
    if len(given) == 1 and ITEM in given[0] and "=" not in given[0]:
        return given[0]
    return _pairs("--items", given) or None


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Split what was typed at its first equals sign."""
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        form = "KEY=COLUMN" if option == "--items" else "NAME=VALUE"
        also = f" Or write one pattern, such as 'q{ITEM}'." if option == "--items" else ""
        remedy = f"Write {option} {form}, once for each.{also}"
        found = _fault(f"{option} is written {form}", remedy)
        raise DataError("The command was not understood.", [found])
    return {key: value for key, _, value in (pair.partition("=") for pair in given)}


def _fault(problem: str, remedy: str) -> Finding:
    return Finding(code="SI08", severity=Severity.ERROR, problem=problem, remedy=remedy)


def _read(
    file: Path,
    asked: Instrument,
    items: Items | None,
    id: str | None,  # noqa: A002
    reading: Mapping[str, str],
    unasked: Set[str],
) -> Sheet:
    """Read the file as a study's files are read; identifiers are refused."""
    if not file.is_file():
        found = _fault(f"there is no file {file.name}", "Check the path.")
        raise DataError("The file cannot be read.", [found])
    keys: dict[str, Any] = {"columns": {"person": id}} if id else {"row_is_person": True}
    spec = _spec({"table": "people", "path": file.name, **keys, **reading})
    ledger = Ledger()
    sheet, _ = read_sheet(file.parent, spec, ledger)
    if sheet is None or errors_of(ledger.findings):
        raise DataError("The file cannot be used as it stands.", ledger.findings)
    columns = find_columns(asked, sheet.header, items, left_out=unasked).columns
    scores = {item: {"scored": str(heading)} for item, heading in columns.items()}
    # The items are what the file is used for: free text in them is a fault, not left out.
    used = replace(
        sheet, spec=spec.model_copy(update={"table": "measures", "scores": scores}), named={}
    )
    without: dict[str, Any] = {"time_zero": (), "confounders": (), "data_cut": None}
    safe: Sheet = refuse_identifiers(Plan.model_construct(None, **without), [used], ledger)[0]
    if errors_of(ledger.findings):
        raise DataError("The file cannot be used as it stands.", ledger.findings)
    print_findings(ledger.findings)
    return safe


def _spec(keys: Mapping[str, Any]) -> File:
    try:
        return File.model_validate(keys)
    except ValidationError as error:
        wrong = {str(part) for e in error.errors() for part in e["loc"] or ("delimiter",)}
        said = " and ".join(f"--{name}" for name in sorted(wrong))
        remedy = "Delimiter and decimal sign are one character each, the latter . or a comma."
        found = _fault(f"the file cannot be read with this {said}", remedy)
        raise DataError("The command was not understood.", [found]) from None


def _frame(sheet: Sheet) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({heading: _cells(sheet, heading) for heading in sheet.cells})


def _cells(sheet: Sheet, heading: str) -> Cells:
    """Cells of a column, with the decimal sign that the scoring reads."""
    cells = sheet.cells[heading]
    if sheet.spec.decimal == "." or cells.dtype != object:
        return cells
    number = number_reader(sheet.spec.decimal)
    return each(cells, lambda cell: cell if np.isnan(number(cell)) else str(number(cell)), object)


def _refuse_place(out: Path) -> None:
    """Refuse a name of another kind of file, and a folder that is not there."""
    if out.suffix.lower() != ".csv":
        raise OutputError(
            "Scores are written as CSV.",
            where=f"{out}.",
            remedy="Give it a name that ends in .csv.",
        )
    if not out.absolute().parent.is_dir():
        raise OutputError(
            f"The folder {out.parent} does not exist, so the scores could not be written.",
            where=f"{out}.",
            remedy="Make it first, or name another.",
        )


def _refuse_other_files(file: Path, out: Path) -> None:
    """Refuse to write over anything but older scores."""
    try:
        with out.open("rb") as there:
            first = there.readline(100_000).rstrip(b"\r\n")
    except OSError:  # nothing there, or writing will say what is wrong
        return
    if (first and not first.endswith(_LAST)) or out.resolve() == file.resolve():
        raise OutputError(
            "There is another file there already, and it is not overwritten.",
            where=f"{out}.",
            remedy="Name a new file.",
        )


def _write(scores: pd.DataFrame, out: Path) -> None:
    """Write the scores, or leave what stood there."""
    path = out.absolute()
    partial = path.parent / f".{path.name}.partial-{os.getpid()}"
    try:
        partial.write_text(scores.to_csv(index=False), encoding="utf-8-sig", newline="")
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise OutputError(
            "The scores could not be written.",
            where=f"{out}.",
            remedy="Choose a folder that you may write to.",
        ) from None


def _print_summary(asked: Instrument, scores: pd.DataFrame) -> None:
    """Print how many have each score, and what it means; no score of anybody."""
    told = scores.attrs["splw_eval"]
    print_line(f"{told['title']}: {len(scores):,} row{'s' if len(scores) != 1 else ''}.")
    if told["warning"]:
        print_line(f"Warning: {told['warning']}")
    if told["status"] == "recalled":
        print_line("The scoring is recalled, not checked at its source.")
    for doubt in told["doubts"]:
        print_line(f"Warning: {doubt}")
    said = [f"{name} = {value}" for name, value in told["options"].items()]
    print_items("Scored with", said)
    words = {name: str(value) for name, value in told["options"].items()}
    for score in asked.scores:
        if score.name in scores:
            lines = [_counts(score, scores), *score_lines(score, words, every=False)]
            print_items(f"Score {score.name}", lines)
    print_items("Rows with a flag", (_flagged(flag, scores) for flag in asked.flags))
    print_items("Recalled, not checked at its source", told["recalled"])
    typer.echo("")


def _counts(score: Score, scores: pd.DataFrame) -> str:
    """How many rows have a score, how many of those are prorated, how many have none."""
    column = f"{score.name}_prorated" if f"{score.name}_prorated" in scores else "prorated"
    n = int(scores[score.name].notna().sum())
    prorated, none = int(scores[column].sum()), len(scores) - n
    return f"{n:,} scored, {prorated:,} of them prorated; {none:,} without a score."


def _flagged(flag: Flag, scores: pd.DataFrame) -> str:
    """How many rows a flag marks, in the column of its name."""
    n = int(scores[flag.name].sum()) if flag.name in scores else 0
    return f"{flag.name}: {n:,} of {len(scores):,}. {flag.title}."
