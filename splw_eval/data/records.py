"""Records of text laid out in columns, with what is wrong with their rows and headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import Distinct
from splw_eval.data.sheet import Cells, Sheet, report_headings_twice, wanted_headings
from splw_eval.data.totals import without_totals

_HEADING_ROWS = 20  # a title and remarks above the headings take fewer rows than this


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
        Gets a finding for ragged, blank and unnamed parts, titles and totals.

    Returns
    -------
    Sheet or None
        None where the file is empty or has headings that cannot be told apart.
    """
    stripped = [[cell.strip() for cell in record] for record in records]
    header = tuple(stripped[0]) if stripped else ()
    if not _stands_first(spec, stripped, ledger) or not header_is_usable(spec, header, ledger):
        return None
    kept, rows = _full_rows(spec, header, stripped, ledger)
    table = np.array(kept, dtype=object).reshape(len(kept), len(header))
    cells = {name: table[:, i] for i, name in enumerate(header)}
    sheet = Sheet(spec=spec, header=header, cells=cells, rows=np.array(rows, dtype=np.int64))
    return without_totals(sheet, ledger)


def sheet_from_columns(
    spec: File,
    columns: Sequence[tuple[str, Cells]],
    ledger: Ledger,
    *,
    labels: Mapping[str, Mapping[float, str]] | None = None,
    reasons: Mapping[str, Cells] | None = None,
    known: Mapping[str, Distinct] | None = None,
) -> Sheet | None:
    """Put the columns of a file that keeps types together; the heading counts as row 1.

    Parameters
    ----------
    spec : File
    columns : sequence of (str, ndarray of shape (n,))
        Heading and cells: float64, datetime64[D] or object arrays of str.
    ledger : Ledger
    labels, reasons : mapping, optional
        As in `Sheet`.
    known : mapping, optional
        Distinct cells by heading, where they are worked out already.

    Returns
    -------
    Sheet or None
        None where the headings cannot be told apart.
    """
    header = tuple(name.strip() for name, _ in columns)
    if not header_is_usable(spec, header, ledger):
        return None
    n = len(columns[0][1])
    if n == 0:
        _report_no_data(spec, ledger)
    sheet = Sheet(
        spec=spec,
        header=header,
        cells={name: cells for name, (_, cells) in zip(header, columns, strict=True)},
        rows=np.arange(2, n + 2, dtype=np.int64),
        labels=labels or {},
        reasons=reasons or {},
    )
    return without_totals(sheet, ledger, known)


def _stands_first(spec: File, rows: Sequence[Sequence[str]], ledger: Ledger) -> bool:
    """Report headings that stand further down, under a title or remarks."""
    wanted = set(wanted_headings(spec))
    if not rows or not wanted or wanted & set(rows[0]):
        return True
    for number, row in enumerate(rows[1:_HEADING_ROWS], start=2):
        if 2 * len(wanted & set(row)) >= len(wanted):
            ledger.add(
                Severity.ERROR,
                "SW41",
                f"has no heading row in row 1; row {number} looks like it",
                f"Delete the rows above row {number}: the headings stand in row 1.",
                file=spec.place,
                rows=[number],
            )
            return False
    return True


def header_is_usable(spec: File, header: tuple[str, ...], ledger: Ledger) -> bool:
    """Whether there are headings, and those of the plan stand once each; reported if not."""
    if not any(header):
        ledger.add(
            Severity.ERROR,
            "SW01",
            "has no heading row",
            "Put the names of the columns into row 1.",
            file=spec.place,
        )
        return False
    wanted = set(wanted_headings(spec))
    twice = [n for n, times in Counter(header).items() if times > 1 and n in wanted]
    if twice:
        report_headings_twice(", ".join(twice), spec, ledger)
    return not twice


def _full_rows(
    spec: File, header: tuple[str, ...], stripped: list[list[str]], ledger: Ledger
) -> tuple[list[list[str]], list[int]]:
    """Rows with a cell for each heading, and their numbers; the others are reported."""
    numbered = [*enumerate(stripped[1:], start=2)]
    blank = [number for number, record in numbered if not any(record)]
    ragged = [n for n, record in numbered if len(record) != len(header) and any(record)]
    if blank or ragged:
        numbered = [(n, r) for n, r in numbered if len(r) == len(header) and any(r)]
    _report_rows(spec, ragged, blank, len(numbered) + len(ragged), ledger)
    if not numbered and not ragged:
        _report_no_data(spec, ledger)
    return [record for _, record in numbered], [number for number, _ in numbered]


def _report_no_data(spec: File, ledger: Ledger) -> None:
    ledger.add(
        Severity.ERROR,
        "SW28",
        "holds a heading row and no data",
        "Fill it in, or name the file that holds the data.",
        file=spec.place,
    )


def _report_rows(spec: File, ragged: list[int], blank: list[int], n: int, ledger: Ledger) -> None:
    if ragged:
        ledger.add(
            Severity.ERROR,
            "SW05",
            "more or fewer cells than the heading row",
            "Look for a stray delimiter or line break, and put quotation marks around such cells.",
            file=spec.place,
            rows=ragged,
            of_rows=n,
        )
    if blank:
        ledger.add(
            Severity.NOTE,
            "SW19",
            "blank rows were left out",
            "Nothing to do if they hold no data.",
            file=spec.place,
            rows=blank,
        )
