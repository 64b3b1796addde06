"""Opening the study's files: inside its folder, of a known kind, of a safe size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from splw_eval.core.plan import File
from splw_eval.data.formats.kinds import KINDS, content_kind
from splw_eval.data.formats.labelled import read_portable, read_spss, read_stata
from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.parquet import read_parquet
from splw_eval.data.formats.redcap import read_redcap
from splw_eval.data.formats.text import read_text
from splw_eval.data.formats.workbook import read_workbook
from splw_eval.data.headings import nearest
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet

SIZE_LIMIT_BYTES = 2_000_000_000  # read whole; the readers set closer limits of their own

Reader = Callable[[Opened], Sheet | None]
FORMATS: dict[str, tuple[str, Reader]] = {
    ".csv": ("text", read_text),
    ".tsv": ("text", read_text),
    ".txt": ("text", read_text),
    ".xlsx": ("xlsx", read_workbook),
    ".xlsm": ("xlsx", read_workbook),
    ".xls": ("xls", read_workbook),
    ".ods": ("ods", read_workbook),
    ".parquet": ("parquet", read_parquet),
    ".sav": ("sav", read_spss),
    ".zsav": ("sav", read_spss),
    ".por": ("por", read_portable),
    ".dta": ("dta", read_stata),
}


def read_sheet(
    folder: Path, spec: File, ledger: Ledger, named: Collection[str] = ()
) -> tuple[Sheet | None, str]:
    """Read one file of the plan.

    Parameters
    ----------
    folder : Path
        The plan's folder; no path may lead out of it.
    spec : File
    ledger : Ledger
        Gets every fault.
    named : collection of str, optional
        Paths that the plan names already; none of them is offered for one that is not there.

    Returns
    -------
    tuple of (Sheet or None, str)
        The cells, None where they cannot be had, and the SHA-256 of the file.
    """
    file = _opened(folder, spec, ledger, named)
    if file is None:
        return None, ""
    digest = hashlib.sha256(file.raw).hexdigest()
    kind, reader = FORMATS[file.path.suffix.lower()]
    if not _is_what_it_says(file, kind):
        return None, digest
    if spec.dictionary is None:
        return reader(file), digest
    if kind != "text":
        file.refuse("has a dictionary, and is no CSV file", "Export it from REDCap as CSV (raw).")
        return None, digest
    dictionary = _opened(folder, _dictionary_section(spec, spec.dictionary), ledger)
    if dictionary is None or not _is_what_it_says(dictionary, "text"):
        return None, digest
    return read_redcap(file, dictionary), digest


def dictionary_sha256(folder: Path, spec: File) -> str:
    """SHA-256 of a file's dictionary; empty where it has none, or one that cannot be opened."""
    if spec.dictionary is None:
        return ""
    opened = _opened(folder, _dictionary_section(spec, spec.dictionary), Ledger())
    return "" if opened is None else hashlib.sha256(opened.raw).hexdigest()


def _dictionary_section(spec: File, path: str) -> File:
    """Give the dictionary a section like its export's: REDCap writes it in UTF-8 and commas."""
    plain = {"path": path, "dictionary": None, "delimiter": ",", "encoding": "utf-8"}
    return spec.model_copy(update=plain)


def _is_what_it_says(file: Opened, kind: str) -> bool:
    """Whether the file's first bytes are those of the kind that its name promises."""
    found = content_kind(file.raw)
    if found == kind:
        return True
    if found == "text":
        name = "a workbook" if file.path.suffix.lower() in {".xlsx", ".xlsm"} else KINDS[kind]
        remedy = "Name it .csv if it is text; otherwise export it again."
        file.refuse(f"is not {name} in spite of its name", remedy)
    elif (found, kind) == ("xls", "xlsx"):
        problem = "is protected by a password, or of an old Excel kind"
        file.refuse(problem, "Save it as xlsx without a password; an old one is named .xls.")
    else:
        endings = ", ".join(ending for ending, (of, _) in FORMATS.items() if of == found)
        file.refuse(f"is {KINDS[found]}, not {KINDS[kind]}", f"Name it {endings}.")
    return False


def _opened(folder: Path, spec: File, ledger: Ledger, named: Collection[str] = ()) -> Opened | None:
    """Open a file whose path may come from anybody."""
    file = Opened(spec=spec, path=folder, raw=b"", ledger=ledger)
    path = _path_inside(folder, file)
    if path is None:
        return None
    try:
        if not path.is_file() and path.exists():  # a pipe would keep everybody waiting
            file.refuse("cannot be opened: it is no file", "Name a file, no folder or pipe.")
        elif path.stat().st_size > SIZE_LIMIT_BYTES:
            file.refuse("is too large to be read", "Keep only the columns needed.", "SW23")
        else:
            return replace(file, path=path, raw=path.read_bytes())
    except FileNotFoundError:
        taken = {Path(each).name for each in named}
        near = nearest(path.name, [n for n in _names_in(path.parent) if n not in taken])
        file.refuse(f"is not there{near}", "Correct its path in study.toml.")
    except OSError:
        file.refuse("cannot be opened", "Close it elsewhere; check who may read it.")
    return None


def _path_inside(folder: Path, file: Opened) -> Path | None:
    """Path of a file of a known kind in the plan's folder; None where it is not one."""
    try:
        path = (folder / file.spec.path).resolve()
    except (OSError, RuntimeError, ValueError):  # a ring of links, or no possible name
        file.refuse("cannot be opened", "Correct its path in study.toml.")
        return None
    if not path.is_relative_to(folder.resolve()):
        file.refuse("lies outside the plan's folder", "Copy the file into it.", "SW21")
        return None
    if path.suffix.lower() not in FORMATS:
        endings = ", ".join(FORMATS)
        file.refuse("is of a kind that cannot be read", f"Save it as one of {endings}.")
        return None
    return path


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir() if path.suffix.lower() in FORMATS]
    except OSError:
        return []
