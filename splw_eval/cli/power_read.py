"""What was typed after a design's name, as options and sources of the design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import COMMON, Kind
from splw_eval.power.options import OPTIONS, Option
from splw_eval.power.refused import WORDS, refusal

BESIDE = (
    *("instrument", "icc_from", "curve", "simulate", "seed", "source", "out"),
    *("json", "table", "protocol", "check", "file", "ctx"),
)
_BLANK = ("", ".")
_LARGEST = 1_000_000  # characters of a file of sizes


@dataclass(slots=True)
class Typed:
    """Options and sources, with every fault found on the way."""

    given: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)


def read_typed(kind: Kind, said: Mapping[str, Any], rest: Sequence[str]) -> Typed:
    """Read what was typed.

    Parameters
    ----------
    kind : Kind
    said : mapping
        By name of the option, as text.
    rest : sequence of str
        What is no option of the command.

    Returns
    -------
    Typed
        Faults are collected, so that all can be told together.
    """
    typed = Typed(found=list(_unknown(kind, rest)))
    for name, text in {**said, "matrix": said.get("file") or said.get("matrix")}.items():
        if name in OPTIONS and name not in BESIDE and text not in (None, False):
            try:
                typed.given[name] = _value(OPTIONS[name], text)
            except FileError as fault:
                typed.found.append(fault.finding)
    _read_sources(kind, said.get("source") or (), typed)
    return typed


class FileError(Exception):
    """A file of sizes, or of a design, that cannot be read."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.problem)
        self.finding = found


def _value(option: Option, text: Any) -> Any:
    if option.form == "flag":
        return bool(text)
    if option.form == "matrix":
        return read_matrix(option, str(text))
    if option.form == "numbers":
        return [_number(part.strip()) for part in str(text).split(",")]
    number = _number(str(text).strip())
    if option.form == "word":
        return number if option.name == "df" else str(text)
    return number


def _number(text: str) -> Any:
    """A number, or the text for the design to refuse."""
    try:
        return float(text)
    except ValueError:
        return text


def read_matrix(option: Option, text: str) -> list[list[float]]:
    """Rows of numbers and blanks from a CSV file, or sizes in one list.

    Parameters
    ----------
    option : Option
    text : str
        A path; or numbers with commas between them.

    Returns
    -------
    list of list of float
        NaN where blank.

    Raises
    ------
    FileError
    """
    if "," in text and not Path(text).exists():
        return [[_cell(option, part, "", 1)] for part in text.split(",")]  # a row for each
    lines = _lines(option, text)
    cells = [[part.strip().strip('"') for part in line.split(",")] for line in lines]
    if cells and not any(_is_cell(part) for part in cells[0] if part):
        cells = cells[1:]  # headings
    if not cells:
        raise FileError(_fault(option, f"{text} holds no numbers", "Give a row for each."))
    wide = {len(row) for row in cells}
    if len(wide) > 1:
        problem = f"{text} has rows of {min(wide)} to {max(wide)} cells"
        raise FileError(_fault(option, problem, "Give every row as many cells; blanks count."))
    return [[_cell(option, part, text, n) for part in row] for n, row in enumerate(cells, 1)]


def _lines(option: Option, text: str) -> list[str]:
    try:
        held = Path(text).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        remedy = "Give the path of a CSV file: numbers with commas between them, a row for each."
        raise FileError(_fault(option, f"{text} cannot be read", remedy)) from None
    if len(held) > _LARGEST:
        raise FileError(_fault(option, f"{text} is too large", "Give a row for each cluster."))
    return [line for line in held.splitlines() if line.strip()]


def _is_cell(part: str) -> bool:
    return part in _BLANK or not isinstance(_number(part), str)


def _cell(option: Option, part: str, file: str, row: int) -> float:
    if part.strip() in _BLANK:
        return float("nan")
    number = _number(part.strip())
    if isinstance(number, str):
        where = f"{file}, row {row}" if file else "the list"
        raise FileError(_fault(option, f"{where} has a cell that is no number", "Mend the cell."))
    return float(number)


def _fault(option: Option, problem: str, remedy: str) -> Finding:
    return finding("SZ13", option.name, problem, remedy)


def _unknown(kind: Kind, rest: Sequence[str]) -> Iterator[Finding]:
    known = [OPTIONS[name].flag for name in (*COMMON, *kind.takes)]
    known += ["--" + name.replace("_", "-") for name in BESIDE[:-2]]
    for place, word in enumerate(rest):
        flag = word.partition("=")[0]
        name = flag.removeprefix("--").replace("-", "_")
        if not flag.startswith("-"):
            if not (place and rest[place - 1].startswith("-") and "=" not in rest[place - 1]):
                yield finding("SZ01", "", f'"{word}" is no option', "Options begin with --.")
        elif name in WORDS:
            yield refusal(name)
        elif not isinstance(_number(flag), str):
            continue  # the value of an option that is not known
        else:
            near = get_close_matches(flag, known, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            remedy = f"{hint}splw-eval power {kind.name} --help lists the options."
            problem = f"{flag} is no option of the design {kind.name}"
            yield finding("SZ01", "", problem, remedy)


def _read_sources(kind: Kind, texts: Sequence[str], typed: Typed) -> None:
    for text in texts:
        name, sign, source = text.partition("=")
        name = name.strip().removeprefix("--").replace("-", "_")
        name = "or_" if name == "or" else name
        if not sign or not source.strip() or name not in (*COMMON, *kind.takes):
            problem = f'--source: "{text}" names no input of the design {kind.name}'
            remedy = "Write --source NAME=TEXT, such as --source icc='17 UK trials'."
            typed.found.append(finding("SZ01", "", problem, remedy))
        elif name in typed.sources:
            problem = f"--source: {name} has two sources"
            typed.found.append(finding("SZ14", "", problem, "Give one, with all that it is."))
        else:
            typed.sources[name] = source.strip()
