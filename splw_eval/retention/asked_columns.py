"""Columns of days, endings and labels, each read with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.models.variables import is_numeric, is_time, numbers
from splw_eval.retention.checks import finding, where
from splw_eval.retention.column_faults import ENDINGS, few_practices, no_numbers
from splw_eval.retention.labels import Labels, labels_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

BEFORE = -1  # a row that starts here covers day 0
MOST_CAUSES = 99  # an ending above this that nobody declared is more likely a code for missing
MOST_TIME = 2.0**53
_DAYS = "Give days since time zero as numbers, such as days from the referral."
_EMPTY = "Fill in those cells, or leave the rows out and say so."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Columns that were named, by what they are for.

    Attributes
    ----------
    time, event : str
    by, cluster, start, weights, person : str, optional
    strata, others : tuple of str
        Strata, and columns of covariates, which are only looked for here.
    causes : mapping of int to str, optional
        Names of the causes by their code; with them no other code is known.
    fewest : int
        Practices that are needed, where they are given.
    """

    time: str
    event: str
    by: str | None = None
    cluster: str | None = None
    start: str | None = None
    weights: str | None = None
    person: str | None = None
    strata: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    causes: Mapping[int, str] | None = None
    fewest: int = 2

    @property
    def labelled(self) -> dict[str, str]:
        """Columns of labels: every row needs one of each."""
        named = {"group": self.by, "practice": self.cluster, "person": self.person}
        found = {role: name for role, name in named.items() if name is not None}
        return {**found, **{f"stratum ({name})": name for name in self.strata}}

    @property
    def declared(self) -> Floats | None:
        """Codes that `causes` knows, 0 among them; None where it cannot be read as codes."""
        given = self.causes
        if not isinstance(given, Mapping) or not all(is_code(code) for code in given):
            return None
        return np.array([0, *given], dtype=np.float64)


class ColumnReader:
    """Reads one column after another and keeps what is wrong with each."""

    def __init__(self, frame: pd.DataFrame, asked: Asked) -> None:
        self.frame, self.asked = frame, asked
        self.found: list[Finding] = []

    def missing_columns(self) -> Iterator[Finding]:
        """Columns that are not there, are there twice, or are named for two purposes."""
        asked = self.asked
        roles = [asked.time, asked.event, asked.by, asked.cluster, asked.start, asked.weights]
        named = [name for name in (*roles, asked.person, *asked.strata) if name is not None]
        for name in dict.fromkeys([*named, *asked.others]):
            count = int((self.frame.columns == name).sum())
            if count == 0:
                remedy = "Look at its spelling; small and capital letters differ."
                yield finding("SR01", "the data frame has no such column", remedy, column=str(name))
            elif count > 1:
                remedy = "Give each column a name of its own."
                yield finding("SR01", f"{count} columns have this name", remedy, column=str(name))
        own = [name for name in (asked.time, asked.event, asked.start) if name is not None]
        if len(set(own)) < len(own):
            remedy = "Times and endings need a column each."
            yield finding("SR12", "one column is named for two purposes", remedy, column=own[0])
        if self.frame.empty:
            yield finding(
                "SR06", "the data frame has no rows", "Look at what was left out, and why."
            )

    def times(self) -> Floats | None:
        """Days, 0 or more; None where they are no numbers."""
        read = self._numbers(self.asked.time, "time", _DAYS)
        if read is not None and not _all_from(read, 0):
            remedy = "Look at both dates: nobody ends before time zero."
            self._tell("SR03", read < 0, "times below 0", remedy, self.asked.time)
        if read is not None and read.size and read.max() > MOST_TIME:
            problem = "times so large that whole numbers cannot be told apart (above 2**53)"
            self._tell(
                "SR02", np.isfinite(read) & (read > MOST_TIME), problem, _DAYS, self.asked.time
            )
        return read

    def starts(self, time: Floats | None) -> Floats | None:
        """Days after which rows are at risk, each below its `time`."""
        name = self.asked.start
        read = None if name is None else self._numbers(name, "start", _DAYS)
        if name is None or read is None:
            return None
        if not _all_from(read, BEFORE):
            remedy = (
                "Time runs from 0, and a row begins at -1 at the earliest, so that day 0 counts."
            )
            self._tell("SR03", read < BEFORE, f"starts below {BEFORE}", remedy, name)
        if time is not None:
            problem = "rows do not start before they stop"
            remedy = (
                "A row lasts from after its start up to its stop: correct or leave out. So that an "
                f"ending on day 0 counts, let its row start at {BEFORE}."
            )
            self._tell("SR08", read >= time, problem, remedy, f"{name} and {self.asked.time}")
        return read

    def weights(self) -> Floats | None:
        """Weights above 0; None where none are named or they are no numbers."""
        name = self.asked.weights
        read = None if name is None else self._numbers(name, "weight", "Give numbers above 0.")
        if name is not None and read is not None:
            remedy = "Leave out rows that are to count for nothing, and say so."
            self._tell("SR16", read <= 0, "weights that are not above 0", remedy, name)
        return read

    def events(self) -> Codes | None:
        """Codes of endings; None where they are no numbers."""
        import pandas as pd

        name, values = self.asked.event, self._column(self.asked.event)
        if values is None:
            return None
        codes = self._plain_codes(values)
        if codes is not None:
            return codes
        if pd.api.types.is_bool_dtype(values) or _all_flags(values):
            read = np.asarray(
                values.astype("boolean").to_numpy(dtype=float, na_value=np.nan), dtype=np.float64
            )
            self._tell("SR04", np.isnan(read), "endings are missing", _EMPTY, name)
        else:
            found = self._numbers(name, "ending", ENDINGS)
            if found is None:
                return None
            read = found
        wrong = np.isfinite(read) & ((read < 0) | (read != np.floor(read)))
        self._tell("SR05", wrong, "codes that are no whole numbers from 0", ENDINGS, name)
        self._undeclared(np.where(wrong, 0.0, read), name)
        return np.where(np.isfinite(read), read, 0.0).astype(np.int64)

    def labels(self, role: str, name: str) -> Labels | None:
        """Labels of a column; None where it is not there."""
        values = self._column(name)
        if values is None:
            return None
        found = labels_of(values)
        blank = _blank_levels(found)
        if blank or not _all_from(found.codes, 0):
            wrong = (found.codes < 0) | np.isin(found.codes, blank)
            self._tell("SR04", wrong, f"rows have no {role}", _EMPTY, name)
        if role == "practice" and 0 < found.count < self.asked.fewest:
            self.found.append(few_practices(found.count, self.asked.fewest, name))
        return found

    def _plain_codes(self, values: pd.Series) -> Codes | None:
        """Whole numbers of which every one may be a code; None where others must be looked at."""
        if not isinstance(values.dtype, np.dtype) or values.dtype.kind not in "biu":
            return None
        given, known = values.to_numpy(), self.asked.declared
        if not given.size or given.min() < 0 or given.max() > MOST_CAUSES:
            return None
        codes = given.astype(np.int64)
        if known is not None and not np.isin(np.flatnonzero(np.bincount(codes)), known).all():
            return None
        return codes

    def _undeclared(self, read: Floats, name: str) -> None:
        known = self.asked.declared
        if known is None:
            remedy = "If it stands for missing, empty those cells; else declare it in causes=."
            problem = f"codes above {MOST_CAUSES} that nobody declared"
            self._tell("SR05", read > MOST_CAUSES, problem, remedy, name)
            return
        remedy = "Declare every code in causes=, or correct those cells."
        problem = "codes that causes= does not declare"
        self._tell("SR05", np.isfinite(read) & ~np.isin(read, known), problem, remedy, name)

    def _column(self, name: str) -> pd.Series | None:
        if (self.frame.columns == name).sum() != 1:
            return None
        return self.frame[name]

    def _numbers(self, name: str, noun: str, remedy: str) -> Floats | None:
        import pandas as pd

        values = self._column(name)
        if values is None:
            return None
        if isinstance(values.dtype, pd.CategoricalDtype) and is_numeric(
            values.cat.categories.to_series()
        ):
            values = values.astype(float)
        if is_time(values):
            self.found.append(finding("SR02", "dates, or lengths of time", remedy, column=name))
            return None
        if pd.api.types.is_bool_dtype(values) or not is_numeric(values):
            self.found.append(no_numbers(values, name, remedy))
            return None
        read = _floats(values, name)
        with np.errstate(over="ignore", invalid="ignore"):
            finite = bool(np.isfinite(read.sum()))
        if not finite:
            self._tell("SR04", np.isnan(read), f"{noun}s are missing", _EMPTY, name)
            self._tell("SR02", np.isinf(read), "infinite numbers", "Correct those cells.", name)
        return read

    def _tell(self, code: str, wrong: Any, problem: str, remedy: str, column: str) -> None:
        self.found += where(code, wrong, problem, remedy, column=column)


def is_code(given: Any) -> bool:
    """Whether it may be the code of a cause: a whole number, not True or False."""
    return isinstance(given, int | np.integer) and not isinstance(given, bool)


def _floats(values: pd.Series, name: str) -> Floats:
    """Numbers of a column, as a copy."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        return values.to_numpy().astype(np.float64)
    return np.asarray(numbers(values, name), dtype=np.float64)


def _blank_levels(found: Labels) -> list[int]:
    """Places of labels that are empty text or spaces only."""
    return [at for at, x in enumerate(found.levels) if isinstance(x, str) and not x.strip()]


def _all_from(values: Floats | Codes, least: int) -> bool:
    """Whether no number is below the least, and none is missing."""
    return not values.size or bool(values.min() >= least)


def _all_flags(values: pd.Series) -> bool:
    """Whether an object column holds yes and no only, beside empty cells."""
    import pandas as pd

    return values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) == "boolean"
