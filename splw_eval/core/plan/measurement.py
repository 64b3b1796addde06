"""When people were measured, and in which files it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from splw_eval.core.plan.section import Section

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Text = Annotated[str, Field(min_length=1)]
Table = Literal[
    "people",
    "episodes",
    "contacts",
    "support",
    "measures",
    "link_workers",
    "clusters",
    "service_use",
]
Columns = str | dict[str, str]  # a pattern with {item}, or the heading of each item
ITEM = "{item}"
Day = Annotated[int, Field(ge=-7305, le=7305)]  # twenty years, as far as a wave may lie


class File(Section):
    """One file, and which of its columns hold what."""

    table: Table
    """Which table of the codebook it holds."""
    path: Text
    """Path from the plan's folder; never outside it."""
    layout: Literal["wide", "long"] = "wide"
    """`wide`: a row a person. `long`: a row for each person and wave."""
    columns: Annotated[dict[str, Text], Field(default_factory=dict)]
    """The codebook's column on the left, the file's own heading on the right. A column that
    the file already heads as the codebook does may be left out."""
    row_is_person: bool = False
    """Each row of a wide file is another person, and the file has no pseudonyms."""
    dictionary: Text | None = None
    """Data dictionary of a REDCap export: the CSV file beside it."""
    scores: Annotated[dict[str, str | dict[str, str]], Field(default_factory=dict)]
    """Column of each outcome: long `phq9 = "phq_total"`; wide `phq9.baseline = "phq_0"`. Beside
    the items of the same outcome it is the total that a service worked out: it is compared with
    the score made from the items, and not used."""
    items: Annotated[dict[str, str | dict[str, Columns]], Field(default_factory=dict)]
    """Columns of the items of each instrument, `{item}` standing for the item's key: long
    `phq9 = "phq_{item}"`; wide `phq9.baseline = "phq_{item}_0"`. Or one by one, for a long file
    or for a wave: `{ "1" = "q1", "2" = "q2" }`. Scores are then made from them."""
    dates: Annotated[dict[str, str], Field(default_factory=dict)]
    """Column of the date of each wave (wide layout)."""
    missing_codes: Annotated[dict[str, dict[str, str]], Field(default_factory=dict)]
    """Codes that mean missing, by column (`"*"` for all), each with what it means."""
    encoding: Text = "utf-8"
    """Encoding of a CSV file, such as `utf-8` or `cp1252`."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """What separates the cells of a CSV file: `;` in much of Europe."""
    decimal: Literal[".", ","] = "."
    """How the file writes decimals."""
    sheet: Text | None = None
    """Sheet of a workbook; without it, its only sheet."""
    date_format: Text = "%Y-%m-%d"
    """How dates are written, as in Python's strptime: `%d/%m/%Y` for 31/12/2025."""

    @property
    def place(self) -> str:
        """How findings name it: the path, and the sheet where the plan names one."""
        return f"{self.path} [{self.sheet}]" if self.sheet else self.path

    @model_validator(mode="after")
    def _layout_and_columns_agree(self) -> Self:
        wide = self.layout == "wide"
        for outcome, where in self.scores.items():
            if isinstance(where, dict) is not wide:
                form = f'{outcome}.WAVE = "column"' if wide else f'{outcome} = "column"'
                raise ValueError(f"scores of a {self.layout} file are written {form}")
        measures = self.table == "measures"
        if measures and wide and ("wave" in self.columns or "date" in self.columns):
            raise ValueError("a wide file has no wave or date column; use [files.dates] for dates")
        if not wide and self.dates:
            raise ValueError('a long file has one date column: columns.date = "..."')
        if not measures and (self.scores or self.items or self.dates or not wide):
            raise ValueError(f"a {self.table} file has no scores, no dates of waves and no layout")
        if self.row_is_person and ("person" in self.columns or not wide):
            raise ValueError("row_is_person is for a wide file that has no column of the person")
        if measures and not self.scores and not self.items:
            raise ValueError("a measures file needs [files.scores] or [files.items]")
        return self

    @model_validator(mode="after")
    def _items_fit_the_layout(self) -> Self:
        wide = self.layout == "wide"
        for instrument, where in self.items.items():
            by_wave = isinstance(where, dict) and (
                wide or any(isinstance(columns, dict) for columns in where.values())
            )
            if by_wave is not wide:
                form = f'{instrument}{".WAVE" if wide else ""} = "heading_{ITEM}"'
                raise ValueError(f"items of a {self.layout} file are written {form}")
        for instrument, _, columns in self.item_columns():
            if isinstance(columns, str) and columns.count(ITEM) != 1:
                raise ValueError(f'items.{instrument}: "{columns}" must hold {ITEM}, once')
        return self

    @model_validator(mode="after")
    def _one_column_one_wave(self) -> Self:
        for outcome, where in self.scores.items():
            columns = [where] if isinstance(where, str) else where.values()
            for column, times in Counter(columns).items():
                if times > 1:
                    raise ValueError(
                        f'scores.{outcome} has the column "{column}" for {times} waves'
                    )
        for instrument in self.items:
            held = [columns for name, _, columns in self.item_columns() if name == instrument]
            headings = [h for c in held for h in ([c] if isinstance(c, str) else c.values())]
            for heading, times in Counter(headings).items():
                if times > 1:
                    raise ValueError(f'items.{instrument} has the column "{heading}" {times} times')
        return self

    def item_columns(self) -> Iterator[tuple[str, str | None, Columns]]:
        """Instrument, wave (None in a long file) and columns of its items."""
        for instrument, where in self.items.items():
            if self.layout == "wide" and isinstance(where, dict):
                for wave, columns in where.items():
                    yield instrument, wave, columns
            elif isinstance(where, str):
                yield instrument, None, where
            else:
                yield instrument, None, {k: c for k, c in where.items() if isinstance(c, str)}

    @model_validator(mode="after")
    def _delimiter_can_part_cells(self) -> Self:
        if self.delimiter in '"\r\n\x00':
            raise ValueError("delimiter cannot be a quotation mark or a line break")
        return self

    @model_validator(mode="after")
    def _dates_can_be_read_back(self) -> Self:
        day = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
        try:
            read = dt.datetime.strptime(day.strftime(self.date_format), self.date_format)
        except (ValueError, re.error):
            read = None
        if read is None or read.date() != day.date():
            raise ValueError(
                f'date_format "{self.date_format}" is not one; 31/12/2025 is written "%d/%m/%Y"'
            )
        return self


class TimeZero(Section):
    """The moment from which waves, windows, exposure and retention count."""

    event: Literal["referral", "consent", "allocation", "baseline", "index_date"]
    """What happens at time zero."""
    arm: Text | None = None
    """The arm it holds for; without it, all arms."""
    column: Text | None = None
    """Column with its date; without it, no date was kept and that is said."""


class Wave(Section):
    """One planned round of measurement."""

    name: Name
    """Short name, used elsewhere in the plan and in the files."""
    month: Annotated[float, Field(ge=0, le=240)]
    """Planned months after time zero; 0 is baseline."""
    window_days: tuple[Day, Day] | None = None
    """First and last day that count, from the planned day: `[-30, 30]`."""
    written: tuple[Text, ...] = ()
    """How the files write it in the column of the wave, where that is not its name."""
    label: Text | None = None
    """What the report calls it; without it, `Baseline` or `N months`."""

    @model_validator(mode="after")
    def _window_runs_forward(self) -> Self:
        if self.window_days and self.window_days[0] > self.window_days[1]:
            raise ValueError("window_days runs backwards; write it as [first, last]")
        return self

    @property
    def title(self) -> str:
        """What the report calls it."""
        if self.label:
            return self.label
        if self.month == 0:
            return "Baseline"
        return f"{self.month:g} month" + ("" if self.month == 1 else "s")
