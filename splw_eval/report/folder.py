"""Refusal of an output folder, before anything is reckoned and before anything is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from splw_eval.core.errors import OutputError
from splw_eval.report.manifest import foreign_files

MOST_NAMED = 5
_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose a folder on another disk."),
    errno.EDQUOT: ("your quota is used up", "Free some space, or choose another folder."),
    errno.EROFS: ("the disk is read-only", "Choose a folder that you may write to."),
    errno.EACCES: ("you may not write there", "Choose a folder that you may write to."),
    errno.EPERM: ("you may not write there", "Choose a folder that you may write to."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
}
_READ_ONLY = "Allow writing there, or choose another folder."


def check_folder(out: str | Path) -> None:
    """Refuse a folder that a report may not take; nothing in it is changed.

    Parameters
    ----------
    out : str or Path
        The folder; it may be missing, empty, or hold a report of ours untouched since.

    Raises
    ------
    OutputError
        It is a file, may not be written to, or holds files that would be lost, with
        the names of the first of them.
    """
    folder = Path(out)
    with told(folder):
        target = folder.resolve()
        if not target.exists():
            _refuse_without_a_place(target)
            return
        _refuse_a_file(target, folder)
        _refuse_to_lose(target, folder)
        _refuse_read_only(target, folder)
        _refuse_without_a_place(target)


@contextmanager
def told(out: Path) -> Iterator[None]:
    """Turn what the system says into a sentence and a remedy."""
    try:
        yield
    except OSError as error:
        unknown = ((error.strerror or "it failed").lower(), "Choose another folder.")
        why, remedy = _REASONS.get(error.errno or 0, unknown)
        raise OutputError(
            f"The report cannot be written: {why}. Nothing there was changed.",
            where=_place(out),
            remedy=remedy,
        ) from None


def _place(out: Path) -> str:
    """Return where it is, as a sentence."""
    return f"Folder: {out}."


def _refuse_a_file(target: Path, out: Path) -> None:
    if not target.is_dir():
        raise OutputError(
            "The report needs a folder, and this is a file.",
            where=f"File: {out}.",
            remedy="Name a folder; it is made if it does not exist.",
        )


def _refuse_to_lose(target: Path, out: Path) -> None:
    foreign = foreign_files(target)
    if not foreign:
        return
    one = len(foreign) == 1
    what = "1 file or folder that is" if one else f"{len(foreign):,} files or folders that are"
    raise OutputError(
        f"The folder holds {what} not part of an earlier report as it was written, and "
        f"{'it' if one else 'they'} would be lost: {_named(foreign)}.",
        where=_place(out),
        remedy=f"Choose another folder, or move {'it' if one else 'them'} away.",
    )


def _named(names: list[str]) -> str:
    """Return the first names, on one line whatever signs they hold."""
    shown = ", ".join("".join(c if c.isprintable() else "?" for c in n) for n in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _refuse_read_only(target: Path, out: Path) -> None:
    """Refuse a folder that was closed to writing: its owner wants it kept as it is."""
    inside = (path for path in target.rglob("*") if path.is_dir() and not path.is_symlink())
    if all(os.access(path, os.W_OK | os.X_OK) for path in (target, *inside)):
        return
    raise OutputError(
        "The folder, or one inside it, is read-only, so the report in it may not be replaced. "
        "Nothing there was changed.",
        where=_place(out),
        remedy=_READ_ONLY,
    )


def _refuse_without_a_place(target: Path) -> None:
    """Refuse where the folder could not be made or swapped: its parent is closed."""
    parent = next(path for path in target.parents if path.exists())
    if not parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
