"""Cells of the workbook: the printed number with its format, or the printed words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from splw_eval.report.blocks import Cell, Format
from splw_eval.report.numbers import HUNDRED, MINUS, shown

_NUMBER = re.compile(rf"([+{MINUS}]?)([\d,]+(?:\.\d+)?)(%?)")
MOST = 32_767  # signs that a spreadsheet holds in a cell
CUT = " … (cut: the page holds all of it)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a cell of a spreadsheet holds.

    Attributes
    ----------
    value : str or float
    number_format : str
        How a spreadsheet prints it; empty for words.
    """

    value: str | float
    number_format: str = ""


def held(cell: Cell) -> Held:
    """Return a cell for a spreadsheet.

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    Held
        A number is read back from what the page prints, so that it has no digit more. What the
        page does not print as a number, such as ``*`` or ``<1%``, stays words.
    """
    words = shown(cell)
    if cell.masked or cell.value is None or isinstance(cell.value, str):
        return Held(value=shortened(words))
    found = _NUMBER.fullmatch(words)
    if found is None:
        return Held(value=words)
    sign, size, per_cent = found.groups()
    plain = float(size.replace(",", ""))
    value = -plain if sign == MINUS else plain
    decimals = len(size.partition(".")[2])
    if per_cent:
        return Held(value=value / HUNDRED, number_format="0%")
    return Held(value=value, number_format=number_format(decimals, cell.format is Format.SIGNED))


def number_format(decimals: int, signed: bool) -> str:
    """Return the code of a number with so many decimals, with a real minus sign."""
    size = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    plus = '"+"' if signed else ""
    return f'{plus}{size};"{MINUS}"{size};{size}'


def shortened(words: str) -> str:
    """Return words that fit a cell of a spreadsheet."""
    return words if len(words) <= MOST // 2 else words[: MOST // 2 - len(CUT)] + CUT
