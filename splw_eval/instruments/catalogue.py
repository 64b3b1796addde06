"""The catalogue of instruments: those that are shipped, and the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import bare_name, suggestion
from splw_eval.instruments.reading import SHIPPED, read_instrument
from splw_eval.instruments.records import Instrument

if TYPE_CHECKING:
    import pandas as pd

OWN_FOLDER = "instruments"


def read_catalogue(folder: str | Path | None = None) -> Mapping[str, Instrument]:
    """Read every instrument.

    Parameters
    ----------
    folder : str or Path, optional
        The plan's folder: the files ``instruments/*.toml`` in it are the user's own.

    Returns
    -------
    mapping of str to Instrument
        By name, in alphabetical order, the user's own after those that are shipped.

    Raises
    ------
    DataError
        There is no such folder; a file of the user's cannot be used, or has the name of a
        shipped instrument; all faults of all files are listed.
    """
    shipped = _shipped()
    if folder is not None and not Path(folder).is_dir():
        remedy = f"Name the folder in which the folder {OWN_FOLDER} stands."
        raise DataError(
            "The folder of your own instruments cannot be used.",
            [_fault("SI01", "there is no such folder", remedy, file=Path(folder).name)],
        )
    own = _own(Path(folder) / OWN_FOLDER) if folder is not None else {}
    return MappingProxyType({**shipped, **own})


@cache
def _shipped() -> dict[str, Instrument]:
    return {path.stem: read_instrument(path) for path in sorted(SHIPPED.glob("*.toml"))}


def _own(folder: Path) -> dict[str, Instrument]:
    found: dict[str, Instrument] = {}
    wrong: list[Finding] = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem in _shipped():
            wrong.append(_taken(path))
            continue
        try:
            found[path.stem] = read_instrument(path, own=True)
        except DataError as error:
            wrong.extend(error.findings)
    if wrong:
        raise DataError("Your own instruments cannot be used as they stand.", wrong)
    return found


def _taken(path: Path) -> Finding:
    problem = f'there is a shipped instrument "{path.stem}" already'
    remedy = "Give yours another name, in the file and as its name."
    return _fault("SI04", problem, remedy, file=path.name)


def _fault(code: str, problem: str, remedy: str, file: str = "") -> Finding:
    return Finding(code=code, severity=Severity.ERROR, problem=problem, remedy=remedy, file=file)


def named(word: str, names: Iterable[str]) -> str:
    """Name that a word is, but for capitals, spaces, hyphens and underscores.

    Parameters
    ----------
    word : str
    names : iterable of str
        The catalogue's.

    Returns
    -------
    str
        Empty where none fits, or several do.
    """
    known = list(names)
    if word in known:
        return word
    alike = [name for name in known if bare_name(name) == bare_name(word)]
    return alike[0] if len(alike) == 1 else ""


def instrument(name: str, folder: str | Path | None = None) -> Instrument:
    """Return one instrument of the catalogue.

    Parameters
    ----------
    name : str
        Capitals, spaces, hyphens and underscores do not count.
    folder : str or Path, optional
        The plan's folder, for the user's own instruments.

    Returns
    -------
    Instrument

    Raises
    ------
    DataError
        There is none of that name.
    """
    catalogue = read_catalogue(folder)
    found = named(name, catalogue)
    if not found:
        of, near = _score_of(name, catalogue), suggestion(name.casefold(), catalogue)
        problem = f'there is no instrument "{name}"' + (f": {of}" if of else near)
        remedy = "splw-eval instruments lists those that there are."
        if of:
            remedy = f"Name the instrument: {of.rpartition(' ')[2]}. It gives all of its scores."
        raise DataError("The catalogue does not hold it.", [_fault("SI03", problem, remedy)])
    return catalogue[found]


def instrument_of(given: str | Instrument, folder: str | Path | None = None) -> Instrument:
    """Return an instrument, or the one of that name.

    Raises
    ------
    DataError
        There is none of that name, or something else was given.
    """
    if isinstance(given, Instrument):
        return given
    if isinstance(given, str):
        return instrument(given, folder)
    problem = f"instrument is the name of one of the catalogue, not a {type(given).__name__}"
    remedy = "splw-eval instruments lists those that there are."
    raise DataError("The catalogue does not hold it.", [_fault("SI03", problem, remedy)])


def _score_of(word: str, catalogue: Mapping[str, Instrument]) -> str:
    """Say of which instrument a word names scores, such as hads_a; empty where of none."""
    for name in sorted(catalogue, key=len, reverse=True):
        prefix, rest = f"{name}_", word.casefold().replace("-", "_").replace(" ", "_")
        known = {score.name.casefold(): score.name for score in catalogue[name].scores}
        if rest.startswith(prefix):
            rest = rest.removeprefix(prefix)
            named = [rest] if rest in known else rest.split("_")
            if all(part in known for part in named):
                scores = " and ".join(known[part] for part in named)
                what = "these are the scores" if len(named) > 1 else "it is the score"
                return f"{what} {scores} of {name}"
    return ""


def instruments(folder: str | Path | None = None) -> pd.DataFrame:
    """List the catalogue.

    Parameters
    ----------
    folder : str or Path, optional
        The plan's folder, for the user's own instruments.

    Returns
    -------
    DataFrame
        A row for each score: name of the instrument, title, score, items, range, direction,
        status, access, whether it is a ready-made score, and whether it is the user's own.
    """
    import pandas as pd

    rows = [
        {
            "name": held.name,
            "title": held.title,
            "score": score.name,
            "items": len(score.items),
            "lowest": score.range[0],
            "highest": score.range[1],
            "direction": score.direction,
            "important_differences": sum(d.value is not None for d in score.differences),
            "options": ", ".join(held.options),
            "status": held.status,
            "access": held.access,
            "score_only": held.score_only,
            "own": held.own,
        }
        for held in read_catalogue(folder).values()
        for score in held.scores
    ]
    return pd.DataFrame(rows)
