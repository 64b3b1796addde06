"""How the cells of the workbook look, each format made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

INK = "#1b2a36"
QUIET = "#52606b"
RULE = "#c9d2d9"
BLUE = "#0b5c8f"
AMBER = "#8a4b00"
BASE: dict[str, Any] = {
    "font_name": "Arial",
    "font_size": 10,
    "font_color": INK,
    "valign": "top",
}
NAMED: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "heading": {"bold": True, "font_size": 12, "font_color": BLUE},
    "stamp": {"bold": True, "font_color": AMBER},
    "plain": {},
    "wrapped": {"text_wrap": True},
    "note": {"text_wrap": True, "font_color": QUIET, "font_size": 9},
    "link": {"font_color": BLUE, "underline": 1},
    "column": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2},
    "number column": {
        "bold": True,
        "text_wrap": True,
        "valign": "bottom",
        "bottom": 2,
        "align": "right",
    },
    "row head": {"bold": True, "text_wrap": True, "bottom": 1, "bottom_color": RULE},
    "words": {"text_wrap": True, "bottom": 1, "bottom_color": RULE},
    "number": {"align": "right", "bottom": 1, "bottom_color": RULE},
}


class Formats:
    """Formats of one workbook by name.

    Parameters
    ----------
    book : Workbook
    """

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, str, bool], Format] = {}

    def get(self, name: str, number_format: str = "", *, literal: bool = False) -> Format:
        """Return a format.

        Parameters
        ----------
        name : str
            One of `NAMED`.
        number_format : str
            Code of a number.
        literal : bool
            Whether the cell stays text also after somebody has edited it.
        """
        key = (name, number_format, literal)
        if key not in self.made:
            more: dict[str, Any] = {"num_format": number_format} if number_format else {}
            if literal:
                more["quote_prefix"] = True
            self.made[key] = self.book.add_format(BASE | NAMED[name] | more)
        return self.made[key]
