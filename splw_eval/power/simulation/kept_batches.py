"""Batches kept in a file, so that a simulation that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from splw_eval.power.checks import finding, refuse
from splw_eval.stats.cell_models.cells import Floats

_FORM = 1


def key_of(told: Mapping[str, Any]) -> str:
    """What a file of batches belongs to: design, analysis, seed and size of batches."""
    text = json.dumps(told, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{_FORM} {text}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [repr(one) for one in value.ravel().tolist()] + [list(value.shape)]
    return str(value)


def read_batches(path: Path, key: str) -> dict[int, Floats]:
    """Batches that a file holds.

    Parameters
    ----------
    path : Path
        Nothing is there yet at the first run.
    key : str

    Returns
    -------
    dict of int to ndarray

    Raises
    ------
    DesignError
        The file is of another design, analysis or seed, or cannot be read.
    """
    if not path.exists():
        if not path.parent.is_dir():
            problem = f"there is no folder {path.parent} to keep batches in"
            refuse([finding("SZ13", "", problem, "Make the folder, or give another.")])
        return {}
    remedy = "Give another file to resume from, or take this one away."
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            own, places, batches = str(held["key"]), held["places"], held["batches"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        refuse([finding("SZ13", "", f"{path.name} holds no batches of a simulation", remedy)])
        raise AssertionError from error
    if own != key:
        problem = f"{path.name} is of another design, analysis or seed"
        refuse([finding("SZ13", "", problem, remedy)])
    return dict(zip(places.tolist(), batches, strict=True))


def write_batches(path: Path, key: str, batches: Mapping[int, Floats]) -> None:
    """Write all batches anew, the whole file or nothing."""
    places = sorted(batches)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            np.savez(
                file,
                key=np.array(key),
                places=np.array(places, dtype=np.int64),
                batches=np.stack([batches[place] for place in places]),
            )
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
