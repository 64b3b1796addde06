"""The new command: a folder with a plan to fill in, templates and their codebook."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

from splw_eval.core.errors import OutputError

_PURPOSES = (
    ("study.toml", "the plan: fill it in first"),
    ("people.csv", "a row for each person, also those never measured"),
    ("measures.csv", "a row for each person and wave"),
    ("codebook.csv", "what each column holds"),
    ("study.schema.json", "lets an editor check the plan as you type"),
)
_SCHEMA = "study.schema.json"


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
        (folder / name).write_bytes(_content(name))


def _refuse_unless_empty(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(
            "There is something there already, and nothing is overwritten.",
            where=f"{folder}.",
            remedy="Name a new folder.",
        )


def _content(name: str) -> bytes:
    room = "splw_eval.core.plan" if name == _SCHEMA else "splw_eval.cli"
    inside = name if name == _SCHEMA else f"starter_files/{name}"
    return files(room).joinpath(inside).read_bytes()
