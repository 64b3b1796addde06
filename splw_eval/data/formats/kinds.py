"""Kinds of files, told by what they hold and not by what they are called."""

from __future__ import annotations

KINDS = {
    "text": "text",
    "xlsx": "a workbook",
    "xls": "a workbook of the old kind (.xls)",
    "ods": "an OpenDocument workbook (.ods)",
    "parquet": "a Parquet file",
    "sav": "an SPSS file",
    "por": "an SPSS portable file",
    "dta": "a Stata file",
}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PORTABLE = b"SPSS PORT FILE"  # stands in the first lines, which may be broken anywhere


def content_kind(raw: bytes) -> str:
    """Kind of a file by its first bytes; ``text`` where they belong to no other kind.

    Parameters
    ----------
    raw : bytes

    Returns
    -------
    str
        A key of `KINDS`.
    """
    if raw.startswith(_ZIP):
        return "ods" if b"opendocument.spreadsheet" in raw[:100] else "xlsx"
    if raw.startswith(_OLE):
        return "xls"
    if raw.startswith(b"PAR1"):
        return "parquet"
    if raw[:4] in {b"$FL2", b"$FL3"}:
        return "sav"
    if _PORTABLE in raw[:600].replace(b"\r", b"").replace(b"\n", b""):
        return "por"
    return "dta" if _is_stata(raw) else "text"


def _is_stata(raw: bytes) -> bool:
    """Whether it begins as Stata's formats 117 and later do, or as the older ones."""
    if raw.startswith(b"<stata_dta>"):
        return True
    release, order, kind = (*raw[:3], 0, 0, 0)[:3]
    return 102 <= release <= 116 and order in {1, 2} and kind == 1  # noqa: PLR2004
