"""A trial of a reader in a process of its own, which may die of a damaged file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

_LIMIT_SECONDS = 600
# What a reader says by an exception, it says again to whoever asks next; only dying matters here.
_PROGRAM = """
import io, json, sys
import pyreadstat
reader, cells, options = getattr(pyreadstat, sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
raw = sys.stdin.buffer.read()
try:
    _, said = reader(io.BytesIO(raw), metadataonly=True, **options)
    reader(io.BytesIO(raw), row_limit=cells // max(len(said.column_names), 1) + 1, **options)
except Exception:
    pass
"""


def survives(reader: str, raw: bytes, cells: int, options: Mapping[str, Any]) -> bool:
    """Whether a reader of pyreadstat gets through a file without taking its process with it.

    The library reads SPSS and Stata files in C, and some damaged ones end the whole program:
    nobody would learn which file it was, nor hear of the other faults.

    Parameters
    ----------
    reader : str
        Name of the function, such as ``read_sav``.
    raw : bytes
        The file.
    cells : int
        Cells read at most.
    options : mapping
        Further arguments, as JSON can hold them.
    """
    # -P: a pyreadstat.py that lies in the present folder is not run.
    command = [sys.executable, "-P", "-c", _PROGRAM, reader, str(cells), json.dumps(dict(options))]
    try:
        ran = subprocess.run(
            command, input=raw, capture_output=True, timeout=_LIMIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
