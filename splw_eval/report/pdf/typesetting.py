"""The one door to Typst: source and data in, finished sheets out, with no file and no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from splw_eval.core.errors import OutputError

# PDF wants a date of making. One that never changes keeps the file the same on every day.
MADE = 946_684_800  # 1 January 2000, in seconds


def typeset(
    source: bytes, inputs: Mapping[str, str], *, form: Literal["pdf", "png"], ppi: int = 144
) -> tuple[bytes, ...]:
    """Return what Typst makes of a source and its data.

    Parameters
    ----------
    source : bytes
        Our own Typst text, without one word of a plan or of data in it.
    inputs : mapping of str to str
        The data, read by the source from ``sys.inputs``.
    form : {"pdf", "png"}
        One PDF file, or one picture for each sheet.
    ppi : int
        Dots an inch of a picture.

    Returns
    -------
    tuple of bytes
        The same for the same input on every day.

    Raises
    ------
    OutputError
        Typst could not set the sheets.
    """
    import typst

    from splw_eval.report.figures.typeface import typeface_folder

    try:
        made: Any = typst.compile(
            source,
            format=form,
            ppi=ppi,
            sys_inputs=dict(inputs),
            # The same type on every machine: nothing of the system's own.
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[typeface_folder()]),
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"] if form == "pdf" else [],
            timestamp=MADE,
        )
    except RuntimeError as error:
        raise OutputError(
            f"The {form.upper()} form could not be made: {_first_line(error)}.",
            remedy="Ask for the report as html, which holds the same, and report this fault "
            "with the version of splw-eval.",
        ) from None
    return tuple(made) if isinstance(made, list) else (made,)


def _first_line(error: Exception) -> str:
    """Return the cause without the lines of source that Typst quotes."""
    words: str = getattr(error, "message", "") or str(error)
    return (words.strip().splitlines() or ["cause unknown"])[0].rstrip(".")
