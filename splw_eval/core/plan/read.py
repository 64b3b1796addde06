"""Reading study.toml: every fault at once, each with its section and its remedy."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from splw_eval.core.errors import PlanError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan.plan import Plan
from splw_eval.core.plan.suggestion import suggestion

PLAN_LIMIT_BYTES = 2_000_000  # a plan is prose and names; more is a data file named by mistake
_CURLY = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
# Where a key has several forms, the place of each one's word in the location of a fault.
_FORMS = {("files", "scores"): (4,), ("files", "items"): (4, 6), ("outcomes", "options"): (4,)}
_DEEP = 4
_OWN_WORDS = {
    "missing": "is missing",
    "bool_type": "must be true or false, without quotation marks",
    "string_type": "must be text in quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "float_type": "must be a number, without quotation marks",
    "finite_number": "must be a finite number",
    "date_type": "must be a date such as 2026-01-31",
    "date_parsing": "must be a date such as 2026-01-31",
    "date_from_datetime_parsing": "must be a date such as 2026-01-31",
    "tuple_type": "must be a list in square brackets",
    "dict_type": "must be a table of names",
    "model_type": "must be a section of its own",
    "string_pattern_mismatch": "must start with a letter and hold letters, digits and _ only",
    "string_too_short": "must not be empty",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """A plan with the folder that its paths start from.

    Attributes
    ----------
    plan : Plan
    path : Path
        The study.toml itself.
    sha256 : str
        Digest of its bytes.
    raw : bytes
        Its bytes: the key of the digests of the data files.
    """

    plan: Plan
    path: Path
    sha256: str
    raw: bytes = b""

    @property
    def folder(self) -> Path:
        """The folder that holds every file of the study."""
        return self.path.parent


def read_plan(path: str | Path) -> PlanFile:
    """Read and check a study.toml.

    Parameters
    ----------
    path : str or Path
        The plan.

    Returns
    -------
    PlanFile

    Raises
    ------
    PlanError
        The file cannot be read, is not TOML, or does not hold together; all
        faults are listed at once.
    """
    path = Path(path)
    raw = _bytes(path)
    content = _parsed(path, raw)
    try:
        plan = Plan.model_validate_json(content)
    except ValidationError as error:
        found = [f for e in _first_causes(error) for f in _findings(path, e)]
        raise PlanError("The plan cannot be used as it stands.", found) from None
    return PlanFile(plan=plan, path=path.resolve(), sha256=hashlib.sha256(raw).hexdigest(), raw=raw)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _unreadable(path, "is a folder", f"Name the plan in it: {path / 'study.toml'}.")
        if path.stat().st_size > PLAN_LIMIT_BYTES:
            raise _unreadable(path, "is too large for a plan", "Name the study.toml.")
        return path.read_bytes()
    except FileNotFoundError:
        remedy = "Check the path, or make a plan with: splw-eval new FOLDER."
        raise _unreadable(path, "is not there", remedy) from None
    except (OSError, ValueError):  # a path may hold what no file system knows
        raise _unreadable(path, "cannot be opened", "Check who may read it.") from None


def _unreadable(path: Path, problem: str, remedy: str) -> PlanError:
    return PlanError("The plan cannot be read.", [_finding("SP01", path, problem, remedy)])


def _parsed(path: Path, raw: bytes) -> str:
    """Content of the plan as JSON, which the sections are checked against."""
    try:
        return json.dumps(tomllib.loads(raw.decode("utf-8-sig")), default=str)
    except UnicodeDecodeError:
        raise _unreadable(path, "is not text in UTF-8", "Save it as UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, *_not_toml(raw.decode("utf-8-sig"), str(error))) from None
    except (RecursionError, ValueError):  # thousands of brackets, or of digits
        problem = "is nested too deep, or holds too long a number"
        raise _unreadable(path, problem, "Name the study.toml.") from None


def _not_toml(text: str, error: str) -> tuple[str, str]:
    """What is wrong with text that is no TOML, and what to do."""
    at = re.search(r"at line (\d+)", error)
    lines = text.split("\n")
    line = lines[int(at[1]) - 1] if at and int(at[1]) <= len(lines) else ""
    if at and any(mark in line for mark in _CURLY):
        problem = f"has curly quotation marks in line {at[1]}, as word processors write them"
        return problem, 'Write straight ones (") in their place, in a plain text editor.'
    return f"is not valid TOML: {error}", "Correct that line; text needs quotation marks."


def _finding(code: str, path: Path, problem: str, remedy: str) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, problem=problem, remedy=remedy, file=path.name
    )


def _first_causes(error: ValidationError) -> list[ErrorDetails]:
    """Faults, without those of a list that is too short only because its members are faulty."""
    errors = error.errors(include_url=False)

    def follows(e: ErrorDetails) -> bool:
        loc = e["loc"]
        return e["type"] == "too_short" and any(
            len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in errors
        )

    return [e for e in errors if not follows(e)]


def _findings(path: Path, error: ErrorDetails) -> Iterator[Finding]:
    kind, loc = error["type"], _keys(error["loc"])
    where = _section(loc)
    if kind == "extra_forbidden":
        key = str(loc[-1])
        known = _keys_at(loc[:-1])
        yield _finding(
            "SP02",
            path,
            f'{_section(loc[:-1])}: unknown key "{key}"{suggestion(key, known)}',
            "Correct or remove it.",
        )
    elif kind == "value_error":
        for fault in error["msg"].removeprefix("Value error, ").splitlines():
            text = fault if fault.startswith(("[", "pick")) else f"{where}: {fault}"
            yield _finding("SP04", path, text, "Make the sections agree.")
    elif kind == "literal_error":
        given, allowed = str(error["input"]), error.get("ctx", {}).get("expected", "")
        near = suggestion(given, allowed.replace("'", "").replace(" or ", ", ").split(", "))
        yield _finding(
            "SP03", path, f'{where}: "{given}" is not one of {allowed}{near}', "Use one of these."
        )
    else:
        theirs = error["msg"].replace("Input should", "must")
        words = _OWN_WORDS.get(kind, theirs[:1].lower() + theirs[1:])
        yield _finding(
            "SP03",
            path,
            f"{where} {words}",
            "Correct it; the reference page of the plan shows the form.",
        )


def _keys(loc: Sequence[int | str]) -> list[int | str]:
    """Keys of a location, without pydantic's words for the form that a column or option has."""
    words = _FORMS.get((str(loc[0]), str(loc[2])), ()) if len(loc) > _DEEP else ()
    return [part for place, part in enumerate(loc) if place not in words]


def _section(loc: Sequence[int | str]) -> str:
    """``[[waves]] 2, month`` for ("waves", 1, "month")."""
    if not loc:
        return "top of the plan"
    if len(loc) == 1:
        return str(loc[0])
    if isinstance(loc[1], int):
        inner = ".".join(str(p) for p in loc[2:])
        return f"[[{loc[0]}]] {loc[1] + 1}" + (f", {inner}" if inner else "")
    return f"[{loc[0]}], " + ".".join(str(p) for p in loc[1:])


def _keys_at(loc: Sequence[int | str]) -> list[str]:
    """Keys that the section at a location may hold."""
    model: Any = Plan
    for part in loc:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            model = _model_in(model.model_fields[part].annotation)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the section type inside a tuple, an option or an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {tuple, Union, types.UnionType}:
        for inner in get_args(annotation):
            found = _model_in(inner)
            if found is not None:
                return found
    return None
