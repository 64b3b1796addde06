"""Two folders changing names in one step, where the system can."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100  # Linux: paths start from the working folder
_RENAME_EXCHANGE = 2  # Linux, renameat2
_RENAME_SWAP = 2  # macOS, renamex_np
_REFUSED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def exchange(one: Path, other: Path) -> bool:
    """Let two existing folders change names in one step.

    Parameters
    ----------
    one, other : Path
        Both exist, on one file system.

    Returns
    -------
    bool
        False where the system or the file system cannot do it; nothing was changed.

    Raises
    ------
    OSError
        It can, but was not allowed to; nothing was changed.
    """
    code = _call(os.fsencode(one), os.fsencode(other))
    if code == 0:
        return True
    if code in _REFUSED:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _call(one: bytes, other: bytes) -> int:
    """Return 0, or the number of the error."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = library.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            failed = library.renamex_np(one, other, _RENAME_SWAP)
        else:
            return errno.ENOSYS
    except (AttributeError, OSError, TypeError):  # no such function here
        return errno.ENOSYS
    return ctypes.get_errno() if failed else 0
