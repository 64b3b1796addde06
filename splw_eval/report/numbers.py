"""Numbers as a reader sees them: minus signs, per cent, masked and absent values."""

from __future__ import annotations

from splw_eval.report.blocks import Cell, Format

MASKED = "*"
ABSENT = "–"
HUNDRED = 100
FINEST = 10  # decimals
MINUS = "\N{MINUS SIGN}"


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """Return a number with a real minus sign and never a negative zero."""
    text = f"{value:,.{decimals}f}"
    size = text.removeprefix("-")
    if not size.strip("0.,"):
        return size
    if text.startswith("-"):
        return MINUS + size
    return f"+{size}" if signed else size


def whole(value: int) -> str:
    """Return a count with a comma between thousands."""
    return number(value, 0)


def percent(share: float) -> str:
    """Return a share between 0 and 1 per cent; neither 0 nor 100 unless it is."""
    return f"{_of_100(share)}%"


def in_100(share: float) -> str:
    """Return a share between 0 and 1 as people in every 100."""
    return f"{_of_100(share).replace('<', 'fewer than ').replace('>', 'more than ')} in 100"


def shown(cell: Cell) -> str:
    """Return the text of a cell."""
    if cell.masked:
        return MASKED
    if cell.value is None or cell.value == "":
        return ABSENT
    if isinstance(cell.value, str):
        return cell.value
    if cell.format is Format.PERCENT:
        return percent(cell.value)
    return number(cell.value, cell.decimals, signed=cell.format is Format.SIGNED)


def decimals_needed(value: float) -> int:
    """Return how many decimals a number of the plan was written with."""
    _, _, fraction = f"{value:.10f}".rstrip("0").partition(".")
    return len(fraction)


def decimals_to_see(value: float, decimals: int) -> int:
    """Return the decimals with which a number above zero does not print as zero."""
    while decimals < FINEST and not number(abs(value), decimals).strip("0.,"):
        decimals += 1
    return decimals


def as_planned(value: float) -> str:
    """Return a number of the plan with the decimals it was written with."""
    return number(value, decimals_needed(value))


def _of_100(share: float) -> str:
    hundred = share * HUNDRED
    near = f"{hundred:.0f}"
    if near == "0" and hundred > 0:
        return "<1"
    if near == "100" and hundred < HUNDRED:
        return ">99"
    return near
