"""The new command: a folder with a plan to fill in, templates and their codebook."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

from splw_eval.core.errors import OutputError
from splw_eval.core.plan.schema import published_schema
from splw_eval.data.codebook import codebook, codebook_text
from splw_eval.data.vocabulary import vocabulary_text

_TEMPLATES = {
    "people": "a row for each person, also those never measured",
    "measures": "a row for each person and wave",
    "episodes": "a row for each referral, to its close",
    "contacts": "a row for each contact with a link worker",
    "support": "a row for each thing that was arranged",
    "link_workers": "a row for each link worker",
    "clusters": "a row for each practice",
    "service_use": "a row for each person and month",
}
_PURPOSES = (
    ("study.toml", "the plan: fill it in first"),
    *((f"{table}.csv", purpose) for table, purpose in _TEMPLATES.items()),
    ("codebook.csv", "what each column holds"),
    ("vocabulary.toml", "the standard terms; add the words of your own files"),
    ("study.schema.json", "lets an editor check the plan as you type"),
)
# Beyond the columns that must or should be kept: what the starter's plan names.
_ADDED = {"people": ("referral_date",), "measures": ("swemwbs",)}


def write_starter(folder: Path) -> tuple[tuple[str, str], ...]:
    """Write the starter files into a new or empty folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    tuple of (str, str)
        Name and purpose of each file.

    Raises
    ------
    OutputError
        The folder holds something already, or cannot be written.
    """
    try:
        _refuse_unless_empty(folder)
        if folder.is_dir():  # it may be the one that the reader stands in: it is kept
            _write_into(folder)
        else:
            _write_whole(folder.absolute())
    except OSError:
        raise OutputError(
            "The folder could not be made.",
            where=f"{folder}.",
            remedy="Choose a place that you may write to.",
        ) from None
    return _PURPOSES


def _write_whole(folder: Path) -> None:
    """Make the folder with all its files, or nothing."""
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        _write_into(partial)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_into(folder: Path) -> None:
    for name, _ in _PURPOSES:
        (folder / name).write_bytes(_content(name).encode("utf-8"))


def _refuse_unless_empty(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(
            "There is something there already, and nothing is overwritten.",
            where=f"{folder}.",
            remedy="Name a new folder.",
        )


def _content(name: str) -> str:
    if name == "study.schema.json":
        return published_schema()
    if name == "codebook.csv":
        return codebook_text()
    if name == "vocabulary.toml":
        return vocabulary_text()
    if name == "study.toml":
        inside = files("splw_eval.cli").joinpath(f"starter_files/{name}")
        return inside.read_text(encoding="utf-8")
    return template(name.removesuffix(".csv"))


def template(table: str) -> str:
    """Return the heading row of a table: what it must and should hold."""
    headings = [column.name for column in codebook()[table].values() if column.level != "may"]
    return ",".join([*headings, *_ADDED.get(table, ())]) + "\n"
