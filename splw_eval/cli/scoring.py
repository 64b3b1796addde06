"""The score command: one file of responses in, one file of scores out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from splw_eval.cli.cards import score_lines
from splw_eval.cli.messages import print_findings
from splw_eval.cli.wrapped import print_items, print_line
from splw_eval.core.errors import DataError, OutputError
from splw_eval.core.findings import Finding, Severity, errors_of
from splw_eval.core.plan import File, Plan
from splw_eval.data.files import read_sheet
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from splw_eval.instruments import Instrument, Score
from splw_eval.instruments import instrument as named
from splw_eval.instruments.frames import score_frame
from splw_eval.instruments.headings import find_columns
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
    items, options : sequence of str
        ``KEY=COLUMN`` and ``NAME=VALUE``.
    missing : sequence of str
        Codes that mean missing.
    id : str or None
        Column that is kept beside the scores.
    folder : Path or None
        Holds the user's own instruments.
    reading : mapping of str to str, optional
        Delimiter, encoding and sheet of the file, as in the plan.

    Raises
    ------
    DataError
        The file or an answer in it cannot be used, or it holds identifiers.
    OutputError
        The scores could not be written; what stood there before still stands.
    """
    asked = named(instrument, folder)
    _refuse_other_files(file, out)
    said = _pairs("--items", items) or None
    sheet = _read(file, asked, said, id, reading or {})
    scores = score_frame(
        _frame(sheet),
        asked,
        items=said,
        id=id,
        missing=missing,
        options=_pairs("--option", options),
        rows=Rows(numbers=sheet.rows, file=sheet.spec.place, column=sheet.place),
    )
    if id is None:
        scores.insert(0, ROW, sheet.rows)
    _write(scores, out)
    _print_summary(asked, scores)
    typer.echo(f"Scores: {out}")


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Split what was typed at its first equals sign."""
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        form = "KEY=COLUMN" if option == "--items" else "NAME=VALUE"
        found = _fault(f"{option} is written {form}", f"Write {option} {form}, once for each.")
        raise DataError("The command was not understood.", [found])
    return {key: value for key, _, value in (pair.partition("=") for pair in given)}


def _fault(problem: str, remedy: str) -> Finding:
    return Finding(code="SI08", severity=Severity.ERROR, problem=problem, remedy=remedy)


def _read(
    file: Path,
    asked: Instrument,
    items: Mapping[str, str] | None,
    id: str | None,  # noqa: A002
    reading: Mapping[str, str],
) -> Sheet:
    """Read the file as a study's files are read; identifiers are refused."""
    if not file.is_file():
        found = _fault(f"there is no file {file.name}", "Check the path.")
        raise DataError("The file cannot be read.", [found])
    keys: dict[str, Any] = {"columns": {"person": id}} if id else {"row_is_person": True}
    spec = File.model_validate({"table": "people", "path": file.name, **keys, **reading})
    ledger = Ledger()
    sheet, _ = read_sheet(file.parent, spec, ledger)
    if sheet is None or errors_of(ledger.findings):
        raise DataError("The file cannot be used as it stands.", ledger.findings)
    columns = find_columns(asked, sheet.header, items).columns
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


def _frame(sheet: Sheet) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({heading: sheet.cells[heading] for heading in sheet.cells})


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
    print_line(f"{told['title']}: {len(scores):,} rows.")
    if told["warning"]:
        print_line(f"Warning: {told['warning']}")
    said = [f"{name} = {value}" for name, value in told["options"].items()]
    print_items("Scored with", said)
    words = {name: str(value) for name, value in told["options"].items()}
    for score in asked.scores:
        if score.name in scores:
            lines = [_counts(score, scores), *score_lines(score, words, every=False)]
            print_items(f"Score {score.name}", lines)
    print_items("Recalled, not checked at its source", told["recalled"])
    typer.echo("")


def _counts(score: Score, scores: pd.DataFrame) -> str:
    """How many rows have a score, how many of those are prorated, how many have none."""
    column = f"{score.name}_prorated" if f"{score.name}_prorated" in scores else "prorated"
    n = int(scores[score.name].notna().sum())
    prorated, none = int(scores[column].sum()), len(scores) - n
    return f"{n:,} scored, {prorated:,} of them prorated; {none:,} without a score."
