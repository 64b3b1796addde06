"""Publication of the output folder: the old one or the new one, whole, at every moment.

Everything is written into ``.<name>.partial-<pid>-<random>`` beside the folder,
flushed, and then the two change names in one step (Linux, macOS). A process
killed before that step leaves the old folder, after it the new one; what is
left beside it is removed by a later run. ``tests/reports/test_publish_is_atomic.py``
kills real processes at random moments and looks.

Where the system cannot exchange names (Windows, some network drives), the old
folder is renamed to ``.<name>.previous`` and the new one takes its place; if the
process is killed between the two, the next run puts the old folder back.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from splw_eval.report.exchange import exchange
from splw_eval.report.folder import check_folder, told
from splw_eval.report.manifest import MANIFEST, foreign_files

TABLES = "tables/"
STALE_SECONDS = 3600  # a partial folder older than this, of a process that is gone, is litter


def publish(
    out: Path, contents: Mapping[str, bytes], step: Callable[[str], None] | None = None
) -> Path:
    """Make `out` a folder that holds exactly the files given.

    Parameters
    ----------
    out : Path
        The folder; it may be missing, empty, or hold a report of ours untouched since.
    contents : mapping of str to bytes
        Each file by its path in the folder; ``manifest.json`` among them.
    step : callable, optional
        Told before each step.

    Returns
    -------
    Path
        The folder, as given.

    Raises
    ------
    OutputError
        It cannot be written, or holds files that would be lost. What stood
        there before still stands.
    """
    tell = step or (lambda _: None)
    target = out.resolve()
    check_folder(out)
    with told(out):
        target.parent.mkdir(parents=True, exist_ok=True)
        _put_back(target)
        _sweep(target)
        partial = _partial(target)
        partial.mkdir()
        try:
            _fill(partial, contents, tell)
            tell("putting the folder in place")
            check_folder(out)
            _swap(partial, target)
            tell("clearing up")
        finally:
            _remove(partial)
    return out


def _partial(target: Path) -> Path:
    name = f".{target.name}.partial-{os.getpid()}-{secrets.token_hex(4)}"
    return target.with_name(name)


def _fill(partial: Path, contents: Mapping[str, bytes], tell: Callable[[str], None]) -> None:
    """Write every file and flush it, the manifest last; tables are told together."""
    tables = sum(name.startswith(TABLES) for name in contents)
    told = set()
    for name in sorted(contents, key=lambda name: (name == MANIFEST, name)):
        of_many = name.startswith(TABLES) and tables > 1
        doing = f"writing {tables} tables" if of_many else f"writing {name}"
        if doing not in told:
            told.add(doing)
            tell(doing)
        path = partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(contents[name])
            file.flush()
            os.fsync(file.fileno())
    for folder in (*(p for p in partial.rglob("*") if p.is_dir()), partial):
        _flush(folder)


def _swap(partial: Path, target: Path) -> None:
    if not target.exists():
        partial.rename(target)
    elif not exchange(partial, target):
        _rename_twice(partial, target)
    _flush(target.parent)


def _rename_twice(partial: Path, target: Path) -> None:
    previous = _previous(target)
    target.rename(previous)
    try:
        partial.rename(target)
    except OSError:
        previous.rename(target)
        raise
    _remove(previous)


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _put_back(target: Path) -> None:
    """Undo what a process left that was killed between two renames."""
    previous = _previous(target)
    if not previous.is_dir():
        return
    if not target.exists():
        previous.rename(target)
    elif not foreign_files(previous):
        _remove(previous)


def _sweep(target: Path) -> None:
    """Remove what dead runs left beside the folder."""
    head = f".{target.name}.partial-"
    for path in target.parent.iterdir():
        if path.name.startswith(head) and path.is_dir() and not path.is_symlink():
            pid = path.name.removeprefix(head).partition("-")[0]
            old = time.time() - path.stat().st_ctime > STALE_SECONDS
            if old and not _lives(pid):
                _remove(path)


def _remove(folder: Path) -> None:
    """Remove a folder of ours, also where somebody made it or a folder in it read-only."""
    for path, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(path).chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: str) -> bool:
    """Whether a process runs; Windows cannot be asked without harm, so age decides there."""
    if sys.platform == "win32" or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _flush(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where that can be asked for."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:  # some network drives cannot
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)
