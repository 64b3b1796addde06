"""Tables of a synthetic programme as data frames and as files, byte for byte the same."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import OutputError
from splw_eval.synthetic.people import Columns

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def frame_of(columns: Columns) -> DataFrame:
    """Make a data frame of a table.

    Parameters
    ----------
    columns : dict of str to ndarray
        Text with empty cells for missing, numbers with NaN, days with NaT.

    Returns
    -------
    DataFrame
        Text as ``string``, whole numbers as ``Int64``, other numbers as ``Float64``, days as
        ``datetime64``; missing is NA.
    """
    import pandas as pd

    frame = pd.DataFrame()
    for name, cells in columns.items():
        if cells.dtype == object:
            frame[name] = pd.Series([cell or None for cell in cells], dtype="string")
        elif cells.dtype.kind == "M":
            frame[name] = pd.Series(cells.astype("M8[s]"))
        else:
            held = cells.astype(np.float64)
            whole = bool((np.isnan(held) | (held == np.floor(held))).all())
            frame[name] = pd.Series(held).astype("Int64" if whole else "Float64")
    return frame


def csv_text(frame: DataFrame) -> str:
    """Write a table as CSV: lines end in a line feed, days as 2024-01-31, missing is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(_cells(frame[name]) for name in frame.columns), strict=True))
    return text.getvalue()


def _cells(column: Series[Any]) -> list[str]:
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy(dtype="M8[D]"))
        return ["" if day == "NaT" else str(day) for day in days]
    values = column.to_numpy(dtype=object, na_value="")
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in values]


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a new or empty folder, all of them or none.

    Parameters
    ----------
    folder : Path
    texts : mapping of str to str
        By name of the file.

    Raises
    ------
    OutputError
        The folder holds something already, or cannot be written.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(
            "There is something there already, and nothing is overwritten.",
            where=f"{folder}.",
            remedy="Name a new folder.",
        )
    partial = folder.absolute().with_name(f".{folder.absolute().name}.partial-{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        for name, text in texts.items():
            (partial / name).write_bytes(text.encode("utf-8"))
        if folder.is_dir():
            folder.rmdir()  # empty: a folder cannot be renamed onto one everywhere
        partial.rename(folder)
    except OSError:
        raise OutputError(
            "The folder could not be made.",
            where=f"{folder}.",
            remedy="Choose a place that you may write to.",
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
