"""The catalogue of instruments: those that are shipped, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
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
        A file of the user's cannot be used, or has the name of a shipped instrument; all
        faults of all files are listed.
    """
    shipped = _shipped()
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
    return Finding(
        code="SI04",
        severity=Severity.ERROR,
        problem=f'there is a shipped instrument "{path.stem}" already',
        remedy="Give yours another name, in the file and as its name.",
        file=path.name,
    )


def instrument(name: str, folder: str | Path | None = None) -> Instrument:
    """Return one instrument of the catalogue.

    Parameters
    ----------
    name : str
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
    if name not in catalogue:
        found = Finding(
            code="SI03",
            severity=Severity.ERROR,
            problem=f'there is no instrument "{name}"{suggestion(name, catalogue)}',
            remedy="splw-eval instruments lists those that there are.",
        )
        raise DataError("The catalogue does not hold it.", [found])
    return catalogue[name]


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
