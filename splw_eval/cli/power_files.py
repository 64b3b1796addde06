"""Files and lists of numbers that were typed: sizes of clusters, designs, correlations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.options import Option

Rows = list[list[float]]
NAN: Final = float("nan")
BLANK = ("", ".", "NA", "na", "N/A", "NaN", "nan")
ARM_HEADINGS = ("arm", "group", "allocation", "trial arm")
ARMS: Mapping[str, int] = MappingProxyType(  # place of the arm, programme first
    {
        **dict.fromkeys(("programme", "program", "intervention", "treatment", "treated", "1"), 0),
        **dict.fromkeys(("comparison", "control", "controls", "usual care", "0"), 1),
    }
)
_LARGEST = 1_000_000  # characters of a file
_PAIR = 2
_NAMED = 5  # rows


class FileError(Exception):
    """A file of sizes, or of a design, that cannot be read."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.problem)
        self.finding = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers in rows.

    Attributes
    ----------
    rows : list of list of float
        NaN where blank; those of the programme's arm first, where arms were named.
    arms : tuple of int or None
        Rows of the programme's arm and of the comparison; None where no arms were named.
    """

    rows: Rows
    arms: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    place: int  # in the file, from 1, headings counted
    cells: list[str]


def read_table(option: Option, text: str, *, by_period: bool = True) -> Table:
    """Rows of numbers and blanks from a file, or sizes in one list.

    Parameters
    ----------
    option : Option
    text : str
        A path; or numbers with commas or blanks between them.
    by_period : bool
        Whether a row may hold several numbers, one for each period.

    Returns
    -------
    Table

    Raises
    ------
    FileError
    """
    if not Path(text).exists() and (listed := _list(text)):
        return Table(rows=_numbers(option, [_Line(1, [one]) for one in listed], ""))
    lines, headings = _without_headings(_lines(option, text))
    if not lines:
        raise _fault(option, f"{text} holds no numbers", "Give a row for each.")
    wide = {len(line.cells) for line in lines} | ({len(headings)} if headings else set())
    if len(wide) > 1:
        problem = f"{text} has rows of {min(wide)} to {max(wide)} cells"
        raise _fault(option, problem, "Give every row as many cells; blanks count.")
    place = _place_of_arms(lines, headings, by_period=by_period) if option.name == "sizes" else None
    if place is not None:
        return _by_arm(option, lines, place, text)
    rows = _numbers(option, lines, text)
    if option.name == "sizes" and not by_period and len(rows[0]) > 1:
        return Table(rows=_one_each(option, rows, text))
    return Table(rows=rows)


def _list(text: str) -> list[str]:
    """Numbers in one list; none where it is a path."""
    parts = [part.strip() for part in re.split(r"[,;]", text)] if re.search("[,;]", text) else []
    parts = parts or text.split()
    return parts if len(parts) > 1 or _is_number(text) else []


def _one_each(option: Option, rows: Rows, text: str) -> Rows:
    """Sizes in one line, of a design whose clusters have one size each."""
    if len(rows) == 1:
        return [[one] for one in rows[0]]
    problem = f"{text} has {len(rows[0])} columns, none of which is named arm"
    remedy = "Give one size in each row; arms in a column named arm: programme or comparison."
    raise _fault(option, problem, remedy)


def _lines(option: Option, text: str) -> list[_Line]:
    try:
        held = Path(text).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        remedy = "Give the path of a CSV file: numbers with commas between them, a row for each."
        raise _fault(option, f"{text} cannot be read", remedy) from None
    if len(held) > _LARGEST:
        raise _fault(option, f"{text} is too large", "Give a row for each cluster.")
    mark = next((one for one in ("\t", ";", ",") if one in held), None)
    return [_Line(n, _cells(line, mark)) for n, line in enumerate(held.splitlines(), 1) if line]


def _cells(line: str, mark: str | None) -> list[str]:
    parts = line.split() if mark is None else line.split(mark)
    cells = [part.strip().strip("\"'").strip() for part in parts]
    decimal = re.compile(r"(\d),(\d)")  # a comma in a number, where cells are parted otherwise
    return cells if mark == "," else [decimal.sub(r"\1.\2", cell) for cell in cells]


def _without_headings(lines: list[_Line]) -> tuple[list[_Line], list[str]]:
    lines = [line for line in lines if line.cells and (len(line.cells) > 1 or line.cells[0])]
    if not lines:
        return lines, []
    first = [cell for cell in lines[0].cells if cell]
    if any(_is_number(cell) or cell in BLANK or cell.lower() in ARMS for cell in first):
        return lines, []
    return lines[1:], [cell.lower() for cell in lines[0].cells]


def _place_of_arms(lines: list[_Line], headings: list[str], *, by_period: bool) -> int | None:
    """The column that names arms, if one does."""
    for place, heading in enumerate(headings):
        if heading in ARM_HEADINGS:
            return place
    if len(lines[0].cells) != _PAIR:
        return None
    columns = [[line.cells[place] for line in lines] for place in range(_PAIR)]
    for place, column in enumerate(columns):
        if not any(_is_number(cell) or cell in BLANK for cell in column):
            return place
    if headings or by_period:
        return None
    return next((n for n, column in enumerate(columns) if set(column) == {"0", "1"}), None)


def _by_arm(option: Option, lines: list[_Line], place: int, text: str) -> Table:
    """Rows in the order of their arms, without the column that names them."""
    found = [ARMS.get(line.cells[place].lower()) for line in lines]
    if None in found:
        rows = _named([line.place for line, arm in zip(lines, found, strict=True) if arm is None])
        remedy = "Write programme or 1, and comparison or 0."
        raise _fault(option, f"{text}, {rows}: the arm is not known", remedy)
    rest = [_Line(line.place, _but(line.cells, place)) for line in lines]
    numbers = _numbers(option, rest, text)
    if not numbers[0]:
        raise _fault(option, f"{text} has no sizes beside the arms", "Add a column of sizes.")
    sides = [[row for row, arm in zip(numbers, found, strict=True) if arm == n] for n in (0, 1)]
    return Table(rows=[*sides[0], *sides[1]], arms=(len(sides[0]), len(sides[1])))


def _but(cells: list[str], place: int) -> list[str]:
    return [*cells[:place], *cells[place + 1 :]]


def _numbers(option: Option, lines: list[_Line], text: str) -> Rows:
    """Cells as numbers; every row that has another is told."""
    rows = [[_number(cell) for cell in line.cells] for line in lines]
    wrong = [line.place for line, row in zip(lines, rows, strict=True) if None in row]
    if wrong:
        where = f"{text}, {_named(wrong)}" if text else "the list"
        problem = f"{where}: not all is a number"
        raise _fault(option, problem, "Mend it, or leave it blank where nothing is measured.")
    return [[NAN if cell is None else cell for cell in row] for row in rows]


def _named(places: list[int]) -> str:
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return f"{'row' if len(places) == 1 else 'rows'} {', '.join(map(str, places[:_NAMED]))}{more}"


def _number(cell: str) -> float | None:
    if cell in BLANK:
        return NAN
    try:
        return float(cell)
    except ValueError:
        return None


def _is_number(cell: str) -> bool:
    return cell not in BLANK and _number(cell) is not None


def _fault(option: Option, problem: str, remedy: str) -> FileError:
    return FileError(finding("SZ13", option.name, problem, remedy))
