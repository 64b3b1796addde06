"""One file as text cells, with the row numbers that its owner sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, suggestion
from splw_eval.data.ledger import Ledger

Cells = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Text cells by heading.

    Attributes
    ----------
    spec : File
        What the plan says of the file.
    header : tuple of str
        Headings, left to right.
    cells : mapping of str to ndarray of str, shape (n,)
        Cells of each column, spaces at both ends removed.
    rows : ndarray of int, shape (n,)
        Row of the file, counted as a spreadsheet does: the heading is row 1.
    """

    spec: File
    header: tuple[str, ...]
    cells: Mapping[str, Cells]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, heading: str) -> str:
        """Letter and heading, as in ``D (phq_total)``."""
        return f"{_letter(self.header.index(heading))} ({heading})"


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_from_records(
    spec: File, records: Iterable[Sequence[str]], ledger: Ledger
) -> Sheet | None:
    """Lay out a file's records in columns.

    Parameters
    ----------
    spec : File
    records : iterable of sequence of str
        The heading row, then the data rows.
    ledger : Ledger
        Gets a finding for ragged, blank and unnamed parts.

    Returns
    -------
    Sheet or None
        None where the file is empty or has headings that cannot be told apart.
    """
    stream = enumerate(records, start=1)
    header = tuple(cell.strip() for cell in next(stream, (1, ()))[1])
    if not _header_is_usable(spec, header, ledger):
        return None
    rows: list[int] = []
    kept: list[list[str]] = []
    ragged: list[int] = []
    blank: list[int] = []
    for number, record in stream:
        stripped = [cell.strip() for cell in record]
        if not any(stripped):
            blank.append(number)
        elif len(stripped) != len(header):
            ragged.append(number)
        else:
            rows.append(number)
            kept.append(stripped)
    _report_rows(spec, ragged, blank, len(rows) + len(ragged), ledger)
    if not rows and not ragged:
        ledger.add(
            Severity.ERROR,
            "SW28",
            "holds a heading row and no data",
            "Fill it in, or name the file that holds the data.",
            file=spec.path,
        )
    table = np.array(kept, dtype=object).reshape(len(kept), len(header))
    cells = {name: table[:, i] for i, name in enumerate(header)}
    return Sheet(spec=spec, header=header, cells=cells, rows=np.array(rows, dtype=np.int64))


def _header_is_usable(spec: File, header: tuple[str, ...], ledger: Ledger) -> bool:
    if not any(header):
        ledger.add(
            Severity.ERROR,
            "SW01",
            "has no heading row",
            "Put the names of the columns into row 1.",
            file=spec.path,
        )
        return False
    twice = [name for name, times in Counter(header).items() if times > 1 and name]
    wanted = set(_wanted(spec))
    if any(name in wanted for name in twice):
        headings = ", ".join(name for name in twice if name in wanted)
        report_headings_twice(headings, spec, ledger)
        return False
    return True


def report_headings_twice(headings: str, spec: File, ledger: Ledger) -> None:
    """Report headings of the plan that the file holds more than once."""
    ledger.add(
        Severity.ERROR,
        "SW07",
        f"these headings stand more than once: {headings}",
        "Give each column a name of its own.",
        file=spec.path,
    )


def _wanted(spec: File) -> list[str]:
    """Headings that the plan names, without the dates of time zero."""
    named = [heading for heading in spec.columns.model_dump().values() if heading]
    for where in spec.scores.values():
        named.extend([where] if isinstance(where, str) else where.values())
    return [*named, *spec.dates.values()]


def _report_rows(spec: File, ragged: list[int], blank: list[int], n: int, ledger: Ledger) -> None:
    if ragged:
        ledger.add(
            Severity.ERROR,
            "SW05",
            "more or fewer cells than the heading row",
            "Look for a stray delimiter or line break, and put quotation marks around such cells.",
            file=spec.path,
            rows=ragged,
            of_rows=n,
        )
    if blank:
        ledger.add(
            Severity.NOTE,
            "SW19",
            "blank rows were left out",
            "Nothing to do if they hold no data.",
            file=spec.path,
            rows=blank,
        )


def missing_columns(sheet: Sheet, ledger: Ledger) -> bool:
    """Report every column that the plan names and the file lacks."""
    wanted = _wanted(sheet.spec)
    absent = [name for name in wanted if name not in sheet.cells]
    # Without one known heading, row 1 may hold a person's data: nothing of it is repeated.
    headings = sheet.header if len(absent) < len(wanted) else ()
    remedy = "Correct the name in study.toml, or the heading in the file."
    if not headings:
        remedy += " Row 1 holds no heading of the plan: check that it is there, and the delimiter."
    for name in dict.fromkeys(absent):
        ledger.add(
            Severity.ERROR,
            "SW02",
            f'there is no column "{name}"{suggestion(name, headings)}',
            remedy,
            file=sheet.spec.path,
        )
    unknown = [c for c in sheet.spec.missing_codes if c != "*" and c not in sheet.cells]
    for name in unknown:
        ledger.add(
            Severity.ERROR,
            "SW02",
            f'[files.missing_codes] names a column "{name}" that is not there'
            f"{suggestion(name, headings)}",
            "Correct the name in study.toml.",
            file=sheet.spec.path,
        )
    return bool(absent or unknown)
