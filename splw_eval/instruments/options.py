"""What the scoring asks, and what was answered: checked before anything is scored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
from splw_eval.instruments.given import number_of, several
from splw_eval.instruments.records import Instrument, Option
from splw_eval.instruments.variants import limits_of, ready_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Options of one scoring.

    Attributes
    ----------
    words : mapping of str to str
        Choices, said or by default.
    flags : mapping of str to (bool or ndarray of bool, shape (n,))
    codes : mapping of str to tuple of int
        Answers that have a meaning of their own.
    files : mapping of str to Path
        The user's own tables.
    unsaid : mapping of str to ndarray of bool, shape (n,)
        Rows in which a flag is empty; it is then neither true nor false.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool | NDArray[np.bool_]] = field(default_factory=dict)
    codes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    unsaid: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """Options as plain words, for whoever reads the scores later."""
        flags = {k: v if isinstance(v, bool) else "row by row" for k, v in self.flags.items()}
        codes = {name: list(codes) for name, codes in self.codes.items()}
        files = {name: path.name for name, path in self.files.items()}
        return {**self.words, **flags, **codes, **files}


def choose(instrument: Instrument, options: Mapping[str, Any]) -> Chosen:
    """Check what was said of an instrument's options.

    Parameters
    ----------
    instrument : Instrument
    options : mapping
        By name: a choice (also a text whose first word it is), true or false (also row by
        row), codes, or a path.

    Returns
    -------
    Chosen

    Raises
    ------
    DataError
        An option is not known, not said though it must be, not one of its choices, or gives
        an answer another meaning.
    """
    found = [*_unknown(instrument, options)]
    kept: dict[str, dict[str, Any]] = {"choice": {}, "flag": {}, "codes": {}, "file": {}}
    for name, option in instrument.options.items():
        given = options.get(name)
        if given is None or (isinstance(given, str) and not given):
            given = option.default or None
        if given is None:
            if option.required:
                found.append(_needed(instrument, name, option))
            continue
        value = _READERS[option.kind](option, given)
        if value is None:
            found.append(_wrong(instrument, name, option, given))
        else:
            kept[option.kind][name] = value
    for name, codes in kept["codes"].items():
        found.extend(_answers(instrument, name, codes, kept["choice"]))
    if found:
        raise DataError(f"The scoring of {instrument.name} asks for more.", found)
    empty = {name: _empty(options.get(name)) for name in kept["flag"]}
    return Chosen(
        words=kept["choice"],
        flags=kept["flag"],
        codes=kept["codes"],
        files=kept["file"],
        unsaid={name: rows for name, rows in empty.items() if rows is not None},
    )


def _choice(option: Option, given: Any) -> str | None:
    """Return the choice that was said: alone, or as the first word of a text without another."""
    if not isinstance(given, str) or given in option.choices:
        return given if isinstance(given, str) else None
    words = re.findall(r"\w+", given.casefold())
    named = {choice for choice in option.choices if choice.casefold() in words}
    first = {choice for choice in named if choice.casefold() == words[0]}
    return first.pop() if len(named) == 1 and first else None


def _empty(given: Any) -> NDArray[np.bool_] | None:
    """Rows in which a flag is empty; None where there are none."""
    values = np.asarray(given)
    if values.ndim != 1 or values.dtype.kind != "f":
        return None
    rows: NDArray[np.bool_] = np.isnan(values)
    return rows if rows.any() else None


def flag_of(given: Any) -> bool | NDArray[np.bool_] | None:
    """Return true or false, for everybody or row by row; None where it is neither."""
    if isinstance(given, bool | np.bool_):
        return bool(given)
    if isinstance(given, str):
        return {"true": True, "yes": True, "false": False, "no": False}.get(given.lower())
    values = np.asarray(given)
    if values.ndim != 1 or values.dtype.kind not in "biuf":
        return None
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    is_flag = bool(np.isin(known, (0, 1)).all())
    return values == 1 if is_flag else None


def _codes(_option: Option, given: Any) -> tuple[int, ...] | None:
    codes = [number_of(code) for code in several(given) or ()]
    if not codes or any(code is None or code != int(code) for code in codes):
        return None
    return tuple(int(code) for code in codes if code is not None)


def _file(_option: Option, given: Any) -> Path | None:
    return Path(given) if isinstance(given, str | Path) else None


_READERS = {
    "choice": _choice,
    "flag": lambda _option, given: flag_of(given),
    "codes": _codes,
    "file": _file,
}


def _finding(problem: str, remedy: str) -> Finding:
    return Finding(code="SI08", severity=Severity.ERROR, problem=problem, remedy=remedy)


def _unknown(instrument: Instrument, options: Mapping[str, Any]) -> Iterator[Finding]:
    for name in options:
        if name not in instrument.options:
            near = suggestion(name, instrument.options)
            known = "" if instrument.options else f"; {instrument.name} has no options"
            problem = f'there is no option "{name}"{near}{known}'
            yield _finding(problem, "Correct it, or leave it out.")


def _answers(
    instrument: Instrument, name: str, codes: Sequence[int], words: Mapping[str, str]
) -> Iterator[Finding]:
    """Codes that are answers: to give them another meaning would change what was answered."""
    option, ready = instrument.options[name], ready_items(instrument)
    limits = {
        item: pair
        for item, pair in limits_of(instrument, words).items()
        if item not in ready and (not option.items or item in option.items)
    }
    for code in codes:
        held = [item for item, (low, high) in limits.items() if low <= code <= high]
        if held:
            yield _finding(
                f"option {name}: {code} is an answer to {', '.join(held)} of {instrument.name}",
                f"Give {name} a code that is no answer, and recode it in the file where it is one.",
            )


def _needed(instrument: Instrument, name: str, option: Option) -> Finding:
    problem = f"the scoring of {instrument.name} needs the option {name}: {option.meaning}"
    return _finding(problem.rstrip("."), _remedy(name, option))


def _wrong(instrument: Instrument, name: str, option: Option, given: Any) -> Finding:
    near = ""
    if option.kind == "choice" and isinstance(given, str):
        near = f', not "{given}"{suggestion(given, option.choices)}'
    problem = f"option {name} of {instrument.name} is {_FORMS[option.kind]}{near}"
    return _finding(problem, _remedy(name, option))


_FORMS = {
    "choice": "one of its choices",
    "flag": "true or false for everybody, or one for each row",
    "codes": "one whole number, or several",
    "file": "the path of a table",
}


def _remedy(name: str, option: Option) -> str:
    if option.kind != "choice":
        return f"Give {name} as {_FORMS[option.kind]}."
    said = "; ".join(f'"{word}" ({meaning})' for word, meaning in option.choices.items())
    return f"Set {name} to one of: {said}."
