"""Parquet files, read by DuckDB with nothing else within its reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.typed import in_calendar, shortest
from splw_eval.data.parse import Distinct, distinct_of_starts, keep_distinct
from splw_eval.data.records import sheet_from_columns
from splw_eval.data.sheet import Cells, Sheet

if TYPE_CHECKING:
    import duckdb

CELL_LIMIT = 200_000_000  # 1.6 GB of numbers; packed, they may take up next to nothing
# A double holds every whole number up to here; beyond, two pseudonyms could become one.
_EXACT = 2**53
_SETTINGS: dict[str, str | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
}
_PATTERN = set("*?[")
_TIMES = {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
_ZONED = "timestamp with time zone"
_WHOLE = {"tinyint", "smallint", "integer", "bigint"}
_NUMBERS = _WHOLE | {f"u{name}" for name in _WHOLE} | {"float", "double", "boolean"}
_SAFE_DIGITS = 15  # decimal digits that a double always holds


def read_parquet(file: Opened) -> Sheet | None:
    """Read a Parquet file into typed columns.

    Parameters
    ----------
    file : Opened

    Returns
    -------
    Sheet or None
        Numbers and yes/no as float64 (NaN for NULL), dates and times as days, whatever else as
        text; whole numbers beyond 2**53 as text, so that none is rounded. None where it cannot
        be read.
    """
    import duckdb

    path = str(file.path)
    try:
        with duckdb.connect(config=_SETTINGS) as connection:
            connection.execute("SET allowed_paths = ?", [[path]])
            connection.execute("SET enable_external_access = false")
            relation = connection.read_parquet(path, binary_as_string=True)
            rows = int(relation.count("*").fetchall()[0][0])
            cells = rows * len(relation.columns)
            if cells > CELL_LIMIT:
                file.refuse_large(cells, CELL_LIMIT)
                return None
            kinds = [_kind(kind) for kind in relation.types]
            names = relation.columns
            held = list(_select(relation, kinds).fetchnumpy().values())
        _require_first_texts(held, kinds)
    except (duckdb.Error, OSError, UnicodeError, RuntimeError):
        if _PATTERN & set(path):  # taken as a pattern, it names other files, which are out of reach
            file.refuse("stands under a name with *, ? or [ in it", "Rename it, or its folder.")
        else:
            file.refuse_damaged("Parquet file", "Copy it again, or write it anew from its source.")
        return None
    known: dict[str, Distinct] = {}
    columns = [
        (name, _column(file, name, cells, kind, known))
        for name, cells, kind in zip(names, held, kinds, strict=True)
    ]
    sheet = sheet_from_columns(file.spec, columns, file.ledger, known=known)
    if sheet is not None:
        keep_distinct(sheet, known)
    return sheet


def _kind(kind: duckdb.sqltypes.DuckDBPyType) -> str:
    """What a column is read as: ``text``, ``time``, ``decimal`` or a kind of number."""
    name = str(kind.id)
    if name in _TIMES or name == _ZONED:
        return "time"
    if name == "decimal":
        children: dict[str, Any] = dict(kind.children)
        return "text" if children["precision"] > _SAFE_DIGITS else "decimal"
    return name if name in _NUMBERS else "text"


def _select(relation: duckdb.DuckDBPyRelation, kinds: list[str]) -> duckdb.DuckDBPyRelation:
    """Choose every column, as c0, c1, ...; of equal texts in a row only the first is handed over.

    Rows of one person mostly stand together, and making a text of each of them takes longest.
    """
    import duckdb

    pairs = enumerate(zip(relation.columns, kinds, strict=True))
    plain = relation.select(*(_expression(name, kind).alias(f"c{i}") for i, (name, kind) in pairs))
    first = "CASE WHEN c{0} IS DISTINCT FROM lag(c{0}) OVER () THEN c{0} END AS c{0}"
    return plain.select(
        *(
            duckdb.SQLExpression((first if kind == "text" else "c{0}").format(i))
            for i, kind in enumerate(kinds)
        )
    )


def _require_first_texts(held: list[NDArray[Any]], kinds: list[str]) -> None:
    """Raise a RuntimeError where a column of texts does not begin with one.

    No text is NULL when it is compared, so the first row always differs from what is before it;
    a file whose statistics contradict its pages can make DuckDB leave that comparison out.
    """
    for cells, kind in zip(held, kinds, strict=True):
        if kind == "text" and len(cells) and np.ma.getmaskarray(cells)[0]:
            raise RuntimeError("a column of texts has no first text")


def _expression(name: str, kind: str) -> duckdb.Expression:
    """Give the column as DuckDB should read it; no text of the file becomes SQL."""
    import duckdb

    column = duckdb.ColumnExpression(name)
    if kind == "text":
        text = column.cast(duckdb.sqltypes.VARCHAR)
        return duckdb.CoalesceOperator(text, duckdb.ConstantExpression(""))
    if kind == "time":
        return column.cast(duckdb.sqltypes.DATE)
    if kind == "decimal":
        return column.cast(duckdb.sqltypes.DOUBLE)
    return column


def _column(
    file: Opened, name: str, cells: NDArray[Any], kind: str, known: dict[str, Distinct]
) -> Cells:
    """Lay out one column; a masked cell is missing. Distinct texts are kept in `known`."""
    absent = np.ma.getmaskarray(cells)
    plain = np.ma.getdata(cells)
    if kind == "text":
        values, where = distinct_of_starts(plain, np.flatnonzero(~absent))
        bare = [value.strip() for value in values]
        if bare == values:
            known[name] = values, where
        return np.array(bare, dtype=object)[where]
    if kind == "time":
        days = np.where(absent, np.datetime64("NaT", "D"), plain.astype("M8[D]"))
        return in_calendar(days, ~absent, file, name) if len(days) else days
    if plain.dtype.kind in "iu" and _is_beyond_exact(plain[~absent]):
        return np.where(absent, "", plain.astype(str).astype(object))
    numbers = shortest(plain) if plain.dtype == np.float32 else plain.astype(np.float64)
    if absent.any():
        numbers[absent] = np.nan
    return numbers


def _is_beyond_exact(known: NDArray[Any]) -> bool:
    return bool(len(known)) and max(int(known.max()), -int(known.min())) > _EXACT
