"""Reading an instrument's TOML file: every fault at once, each with its key and its remedy."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
from splw_eval.instruments.agreement import faults
from splw_eval.instruments.reach import range_faults
from splw_eval.instruments.records import Instrument, Score

LIMIT_BYTES = 1_000_000  # an instrument is a page of numbers; more is another file
SHIPPED = Path(__file__).parent / "catalogue"
_FOLLOWS = frozenset({"too_short"})  # a list is short only because its members are faulty
_OWN_WORDS = {
    "missing": "is missing",
    "bool_type": "must be true or false, without quotation marks",
    "string_type": "must be text in quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number, without quotation marks",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list in square brackets",
    "mapping_type": "must be a table of names",
    "dict_type": "must be a table of names",
    "dataclass_type": "must be a section of its own",
    "string_pattern_mismatch": "must start with a letter and hold letters, digits and _ only",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}
_NUMBERS = (
    *("lowest", "table", "start", "add", "subtract"),
    *("any_above_lowest", "any_at_highest"),
)


def read_instrument(path: Path, *, own: bool = False) -> Instrument:
    """Read one instrument.

    Parameters
    ----------
    path : Path
        Its TOML file; the name of the file is the name of the instrument.
    own : bool
        Whether it is the user's own.

    Returns
    -------
    Instrument

    Raises
    ------
    DataError
        The file cannot be read, or does not hold together; all faults are listed at once.
    """
    content = _completed(_parsed(path))
    try:
        made = _form().validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise _refused(path, _findings(path, error)) from None
    made = replace(made, own=own)
    wrong = list(faults(made, path.stem))
    if wrong:
        remedy = "Make them agree."
        raise _refused(path, [_finding("SI04", path, fault, remedy) for fault in wrong])
    made = replace(made, scores=tuple(_with_numbers(score, path) for score in made.scores))
    # What is shipped has been held against its formulas: that takes longer than reading.
    wrong = list(range_faults(made)) if own else []
    if wrong:
        remedy = "Correct the range, or the codes or the formula if one of those is wrong."
        raise _refused(path, [_finding("SI04", path, fault, remedy) for fault in wrong])
    return made


@cache
def _form() -> TypeAdapter[Instrument]:
    """What a file is checked against: made once, as making it takes longer than reading."""
    return TypeAdapter(Instrument)


def _refused(path: Path, found: Sequence[Finding] | Iterator[Finding]) -> DataError:
    return DataError(f"The instrument in {path.name} cannot be used as it stands.", list(found))


def _finding(code: str, path: Path, problem: str, remedy: str) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, problem=problem, remedy=remedy, file=path.name
    )


def _parsed(path: Path) -> dict[str, Any]:
    def unreadable(problem: str, remedy: str) -> DataError:
        return _refused(path, [_finding("SI01", path, problem, remedy)])

    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise unreadable("is too large for an instrument", "Name the right file.")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise unreadable("cannot be opened", "Check who may read it.") from None
    except UnicodeDecodeError:
        raise unreadable("is not text in UTF-8", "Save it as UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        remedy = "Correct that line; text needs straight quotation marks."
        raise unreadable(f"is not valid TOML: {error}", remedy) from None
    except (RecursionError, ValueError):  # thousands of brackets, or of digits
        problem = "is nested too deep, or holds too long a number"
        raise unreadable(problem, "Name the right file.") from None


def _completed(content: dict[str, Any]) -> dict[str, Any]:
    """Write out what the file may leave out: a number of items, items of a score, variants."""
    items = content.get("items")
    if isinstance(items, int) and not isinstance(items, bool) and 0 < items < 1000:  # noqa: PLR2004
        content["items"] = items = [str(number) for number in range(1, items + 1)]
    for score in _tables(content.get("scores")):
        score.setdefault("items", items)
        formula = score.get("formula")
        for variant in _tables(score.get("variants")):
            changes = variant.get("formula")
            if isinstance(changes, dict) and isinstance(formula, dict):
                variant["changes"] = sorted(changes)
                variant["formula"] = {**formula, **changes}
    return content


def _tables(part: Any) -> list[dict[str, Any]]:
    return [table for table in part if isinstance(table, dict)] if isinstance(part, list) else []


def _with_numbers(score: Score, path: Path) -> Score:
    """Take the numbers of another shipped instrument, where the formula names one."""
    source = score.formula.numbers_of
    if not source:
        return score
    name, _, of = source.partition(".")
    home = SHIPPED / f"{name}.toml"
    other = _shipped(home) if home.is_file() else None
    found = [s for s in other.scores if s.name == of] if other else []
    if not found:
        problem = f'score {score.name}, numbers_of: there is no shipped score "{source}"'
        remedy = "Write it as instrument.score, or write the numbers themselves."
        raise _refused(path, [_finding("SI04", path, problem, remedy)])
    numbers = {name: getattr(found[0].formula, name) for name in _NUMBERS}
    return replace(score, formula=replace(score.formula, **numbers))


@cache
def _shipped(path: Path) -> Instrument:
    return read_instrument(path)


def _findings(path: Path, error: ValidationError) -> Iterator[Finding]:
    errors = error.errors(include_url=False)
    for e in errors:
        inner = any(len(o["loc"]) > len(e["loc"]) for o in errors if _starts(o, e["loc"]))
        if e["type"] not in _FOLLOWS or not inner:
            yield _told(path, e)


def _starts(error: ErrorDetails, loc: tuple[int | str, ...]) -> bool:
    return error["loc"][: len(loc)] == loc


def _told(path: Path, error: ErrorDetails) -> Finding:
    kind, loc = error["type"], error["loc"]
    if kind == "unexpected_keyword_argument":
        key, where = str(loc[-1]), _section(loc[:-1])
        problem = f'{where}: unknown key "{key}"{suggestion(key, _keys_at(loc[:-1]))}'
        return _finding("SI02", path, problem, "Correct or remove it.")
    if kind == "literal_error":
        given, allowed = str(error["input"]), error.get("ctx", {}).get("expected", "")
        near = suggestion(given, allowed.replace("'", "").replace(" or ", ", ").split(", "))
        problem = f'{_section(loc)}: "{given}" is not one of {allowed}{near}'
        return _finding("SI03", path, problem, "Use one of these.")
    theirs = error["msg"].replace("Input should", "must")
    words = _OWN_WORDS.get(kind, theirs[:1].lower() + theirs[1:])
    remedy = "Correct it; the page on your own instruments shows the form."
    return _finding("SI03", path, f"{_section(loc)} {words}", remedy)


def _section(loc: Sequence[int | str]) -> str:
    """``[[scores]] 2, formula.how`` for ("scores", 1, "formula", "how")."""
    if not loc:
        return "top of the file"
    if len(loc) > 1 and isinstance(loc[1], int):
        inner = ".".join(str(p + 1) if isinstance(p, int) else p for p in loc[2:])
        return f"[[{loc[0]}]] {loc[1] + 1}" + (f", {inner}" if inner else "")
    return ".".join(str(part) for part in loc)


def _keys_at(loc: Sequence[int | str]) -> list[str]:
    """Keys that the section at a location may hold."""
    record: Any = Instrument
    for part in loc:
        if isinstance(part, str) and record is not None:
            hints = get_type_hints(record)
            record = _record_in(hints[part]) if part in hints else record
    hidden = {"own", "changes"}
    return [f.name for f in fields(record) if f.name not in hidden] if record else []


def _record_in(hint: Any) -> Any:
    """Find the record inside a tuple, a mapping or an option."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((found for inner in get_args(hint) if (found := _record_in(inner))), None)
