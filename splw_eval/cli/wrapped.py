"""Lines for a terminal of any width."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable

import typer

NARROWEST, WIDEST = 24, 88
_USUAL = 80


def width() -> int:
    """Columns to fill."""
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def print_message(text: str) -> None:
    """Print one finding on standard error, wrapped where somebody reads it.

    A file or another program gets it in one line, which can be searched, unless somebody asks
    for narrow lines by COLUMNS; the usual 80 are set by other programs unasked.
    """
    is_read = sys.stderr is not None and sys.stderr.isatty()
    if not is_read and shutil.get_terminal_size().columns >= _USUAL:
        typer.echo(f"  {text}", err=True)
        return
    wrapped = textwrap.fill(
        text,
        width(),
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    typer.echo(wrapped, err=True)


def print_line(text: str, *, first: str = "", rest: str = "") -> None:
    """Print one sentence, wrapped, with what stands before its first and its other lines."""
    typer.echo(
        textwrap.fill(
            text,
            width(),
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
    )


def print_items(heading: str, lines: Iterable[str]) -> None:
    """Print one item a line: a table would break on a narrow terminal."""
    items = list(lines)
    if not items:
        return
    typer.echo("")
    print_line(f"{heading}:")
    for item in items:
        print_line(item, first="  - ", rest="    ")
