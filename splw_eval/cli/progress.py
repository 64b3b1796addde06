"""Progress on standard error: a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def progress_on_stderr() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done; nothing of it reaches standard output."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda doing: typer.echo(f"{doing} ...", err=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda doing: status.update(f"{doing} ...")
