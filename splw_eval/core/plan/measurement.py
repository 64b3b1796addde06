"""What was measured, when, and in which files it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
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
    """Column of each outcome: long `phq9 = "phq_total"`; wide `phq9.baseline = "phq_0"`."""
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
        if measures and not wide and not ("wave" in self.columns or "date" in self.columns):
            raise ValueError("a long file needs columns.wave or columns.date")
        if not measures and (self.scores or self.dates or not wide):
            raise ValueError(f"a {self.table} file has no scores, no dates of waves and no layout")
        if self.row_is_person and ("person" in self.columns or not wide):
            raise ValueError("row_is_person is for a wide file that has no column of the person")
        if measures and not self.scores:
            raise ValueError("a measures file needs [files.scores]")
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
        return self

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


class Mid(Section):
    """Minimal important difference: a number is nothing without its source."""

    value: Annotated[float, Field(gt=0)]
    """Size in the score's units."""
    source: Text
    """Paper, population and method."""


class Outcome(Section):
    """One score: its instrument, range and direction."""

    name: Name
    """Short name, used elsewhere in the plan and in the tables."""
    label: Text
    """What a commissioner reads."""
    instrument: Text
    """Name of the questionnaire."""
    range: tuple[float, float]
    """Lowest and highest possible score."""
    direction: Literal["higher_is_better", "lower_is_better"]
    """Which end of the range is the better one."""
    role: Literal["primary", "secondary"]
    """Exactly one outcome is primary."""
    version: Text | None = None
    """Version of the questionnaire or of the scoring, such as metric score."""
    value_set: Text | None = None
    """Name of the value set, where the score rests on one."""
    coding: Text | None = None
    """How answers were coded, where there is more than one way."""
    unit: Text = "points"
    """Unit, as it is printed."""
    decimals: Annotated[int, Field(ge=0, le=4)] = 1
    """Decimals printed."""
    step: Annotated[float, Field(gt=0)] = 1
    """Smallest difference between two scores: 1 for a sum of whole answers, 0.001 for an index.
    Small groups are printed with fewer decimals, as all of them would give their size away."""
    mid: Mid | None = None
    """Without it, nobody is counted as better or worse, and that is said."""
    out_of_range: Literal["error", "missing"] = "error"
    """`missing` sets scores outside the range to missing, and counts them."""

    @model_validator(mode="after")
    def _range_is_wide_enough(self) -> Self:
        low, high = self.range
        if low >= high:
            raise ValueError("range runs backwards; write it as [lowest, highest]")
        if self.mid and self.mid.value > high - low:
            raise ValueError("the MID is larger than the whole range of the score")
        return self
