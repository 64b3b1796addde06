"""The manifest: what a report folder holds, and whether it is still as it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from splw_eval.core.result import Provenance

MANIFEST = "manifest.json"
SCHEMA = "splw-eval report"
SCHEMA_VERSION = 1
# Made by file managers without being asked; nobody misses them.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def manifest(
    contents: Mapping[str, bytes], provenance: Provenance, *, synthetic: bool = False
) -> bytes:
    """Return manifest.json for a folder.

    Parameters
    ----------
    contents : mapping of str to bytes
        Every other file of the folder by its path.
    provenance : Provenance
        What the results were made with.
    synthetic : bool
        Whether the people in it were made up.

    Returns
    -------
    bytes
        Without a time stamp, so that a second run gives the same bytes.
    """
    return as_json(
        {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "synthetic": synthetic,
            "versions": dict(provenance.versions),
            "seed": provenance.seed,
            "plan_sha256": provenance.plan_sha256,
            "file_digests": dict(provenance.file_digests),
            "files": {name: digest(content) for name, content in contents.items()},
        }
    )


def as_json(content: Any) -> bytes:
    """Return JSON in one settled form: sorted, indented, in UTF-8."""
    text = json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def foreign_files(folder: Path) -> list[str]:
    """Name what a folder holds that its manifest does not list, or that was changed since.

    A folder without a manifest of ours holds nothing but foreign files, and is
    not searched any deeper: it may be somebody's home.
    """
    listed = _listed(folder / MANIFEST)
    if listed is None:
        return sorted(path.name for path in folder.iterdir() if path.name not in _LITTER)
    found = []
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            continue
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and path.name not in _LITTER and not _as_listed(path, name, listed):
            found.append(name)
    return sorted(found)


def _as_listed(path: Path, name: str, listed: dict[str, str]) -> bool:
    """Whether a file is the very one that was written."""
    if name not in listed or path.is_symlink() or not path.is_file():
        return False
    return digest(path.read_bytes()) == listed[name]


def _listed(path: Path) -> dict[str, str] | None:
    """Return the digests of a manifest; None where it is not one of ours."""
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != SCHEMA:
            return None
        return {str(name): str(value) for name, value in content["files"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
