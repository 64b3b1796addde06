"""The command that sets the planned size of a study beside what was reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from splw_eval.cli.messages import print_error
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.cli.wrapped import print_items, print_line
from splw_eval.core.errors import FindingsError

if TYPE_CHECKING:
    from splw_eval.power import DesignAudit


def run_audit(plan: Path, json: bool) -> None:
    """Print the audit of a study's design.

    Parameters
    ----------
    plan : Path
        The study.toml.
    json : bool
        As one object for a program, and not as lines for a reader.

    Raises
    ------
    typer.Exit
        The plan or its files cannot be used; every finding was printed.
    """
    found = _audited(plan)
    if json:
        from json import dumps

        typer.echo(dumps(found.to_dict(), indent=2, ensure_ascii=False))
    else:
        _print(found)


def _audited(plan: Path) -> DesignAudit:
    try:
        with progress_on_stderr() as progress:
            from splw_eval.data import load_study
            from splw_eval.power import audit

            study = load_study(plan, progress=progress)
            progress("Planned and reached")
            return audit(study)
    except FindingsError as error:
        print_error(error)
        raise typer.Exit(1) from None


def _print(found: DesignAudit) -> None:
    if found.synthetic:
        print_line("Synthetic: the people of this study were made up.")
    print_line(f"Planned and reached: {found.title}")
    print_items("Size, spread and losses", _sentences(found, precise=False))
    print_items("How exactly the main question was answered", _sentences(found, precise=True))
    print_items("To know", found.notes)
    typer.echo("")
    print_line(f"Small numbers: {found.disclosure.rule}")


def _sentences(found: DesignAudit, *, precise: bool) -> Iterator[str]:
    """Sentences of the lines, those on precision or those before them."""
    for line in found.lines:
        if line.of_precision is precise:
            yield f"{line.quantity[:1].upper()}{line.quantity[1:]}: {_lowered(line.sentence)}"


def _lowered(sentence: str) -> str:
    """A sentence that goes on after a colon; names of groups and ICC keep their capitals."""
    first = sentence.split(" ", 1)[0]
    return sentence if first.isupper() else sentence[:1].lower() + sentence[1:]
