"""Checklists as a file: CSV for a spreadsheet, JSON for a program, one page of HTML."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from splw_eval.appraisal.checklists import Profile, profiles
from splw_eval.appraisal.checklists.fitting import fitting, meant_for
from splw_eval.core.check_rows import CheckRow
from splw_eval.core.errors import OutputError

if TYPE_CHECKING:
    from splw_eval.cli.appraise_done import Appraisal
    from splw_eval.core.plan import Plan

FORMS = (".csv", ".json", ".html")
_COLUMNS = tuple(field.name for field in fields(CheckRow))
_MADE_BY = "splw-eval appraise"
# How a file that this command wrote begins, so that it writes over no other.
_STARTS = {
    ".csv": codecs.BOM_UTF8 + ",".join(_COLUMNS).encode(),
    ".json": f'{{\n  "made_by": "{_MADE_BY}"'.encode(),
    ".html": b"<!DOCTYPE html>",
}
_GENERATOR, _HEAD = b'<meta name="generator" content="splw-eval">', 2_000


def check_out(out: Path | None) -> None:
    """Refuse a form of file that there is not, or another file, before anything is read.

    Raises
    ------
    typer.BadParameter, OutputError
    """
    if out is None:
        return
    if out.suffix.lower() not in FORMS:
        raise typer.BadParameter(
            f"the file must end in {', '.join(FORMS)}, and is called {out.name}",
            param_hint="--out",
        )
    try:
        with out.open("rb") as there:
            start = there.read(_HEAD)
    except OSError:  # nothing there, or writing will say what is wrong
        return
    form = out.suffix.lower()
    ours = start.startswith(_STARTS[form]) and (form != ".html" or _GENERATOR in start)
    if start and not ours:
        raise OutputError(
            "There is another file there already, and it is not overwritten.",
            where=f"{out}.",
            remedy="Name a new file.",
        )


def write_rows(done: Appraisal, out: Path) -> None:
    """Write every check of every checklist, or leave what stood there, and say where.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    form = out.suffix.lower()
    text = {".csv": _csv, ".json": as_json, ".html": _html}[form](done)
    path = out.absolute()
    partial = path.parent / f".{path.name}.partial-{os.getpid()}"
    encoding = "utf-8-sig" if form == ".csv" else "utf-8"
    try:
        partial.write_text(text, encoding=encoding, newline="")
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise OutputError(
            "The checklist could not be written.",
            where=f"{out}.",
            remedy="Choose a folder that you may write to.",
        ) from None
    typer.echo(f"Checklist: {out}", err=True)


def as_json(done: Appraisal) -> str:
    """Return every check as JSON; a row has the fields of `CheckRow`."""
    held: dict[str, Any] = {
        "made_by": _MADE_BY,
        "stage": done.stage,
        "data_looked_at": not done.unread and done.stage != "planned",
        "synthetic": done.plan.synthetic,
        "exact_counts": done.exact,
        "profiles": [
            _about(profile)
            | {
                "numbers_not_checked": [
                    item.number for item in profile.items if item.status != "verified"
                ],
            }
            for profile, _ in done.held
        ],
        "notes": list(
            dict.fromkeys(note.sentence() for _, result in done.held for note in result.notes)
        ),
        "rows": [asdict(row) for _, result in done.held for row in result.rows],
    }
    return json.dumps(held, ensure_ascii=False, indent=2)


def profiles_as_json(plan: Plan | None = None) -> str:
    """Return the checklists that there are as JSON: for whom, and under which licence."""
    held: dict[str, Any] = {
        "made_by": _MADE_BY,
        "profiles": [
            _about(profile) | {"meant_for": meant_for(name)} for name, profile in profiles().items()
        ],
    }
    if plan is not None:
        held["meant_for_this_study"] = list(fitting(plan))
    return json.dumps(held, ensure_ascii=False, indent=2)


def _about(profile: Profile) -> dict[str, Any]:
    names = ("name", "title", "version", "licence", "source", "note")
    return {name: getattr(profile, name) for name in names}


def _csv(done: Appraisal) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for _, result in done.held:
        table.writerows([getattr(row, name) for name in _COLUMNS] for row in result.rows)
    return text.getvalue()


def _html(done: Appraisal) -> str:
    from splw_eval.cli.appraise_page import page_of
    from splw_eval.report.html import render_html

    return render_html(page_of(done))
