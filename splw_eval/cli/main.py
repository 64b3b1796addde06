"""The way in: from the first import to the last line printed, no end is a traceback."""

from __future__ import annotations

import errno
import os
import sys

STOPPED = "Stopped. What stood in the output before still stands."
CODE_STOPPED = 130  # as a shell says that Ctrl-C ended a program
_NOWHERE_TO_PRINT = frozenset({errno.ENOSPC, errno.EBADF, errno.EPIPE, errno.EIO})


def main() -> None:
    """Run the command line; Ctrl-C and a closed terminal end it plainly at any moment."""
    try:
        code = _run()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # at the very end, Python itself would fail with a traceback
    except KeyboardInterrupt:  # also during the imports, which take most of the first second
        code = CODE_STOPPED
    except OSError as error:
        if error.errno not in _NOWHERE_TO_PRINT:
            raise
        code = 1
        _give_up()
    if code == CODE_STOPPED:
        _say(f"\n{STOPPED}")
    raise SystemExit(code)


def _run() -> int | str | None:
    """Run what was typed; gives the exit code."""
    from splw_eval.cli.commands import run_commands

    try:
        run_commands()
    except SystemExit as end:
        return end.code
    return 0


def _give_up() -> None:
    """Say that nothing can be printed any more, and keep Python from trying to."""
    _say("The output could not be written: it is closed, or the disk is full.")
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _say(sentence: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"{sentence}\n")
            sys.stderr.flush()
    except OSError:
        pass
