"""Lines for a terminal of any width."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable

import typer

NARROWEST, WIDEST = 24, 88


def width() -> int:
    """Columns to fill."""
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


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
