"""Elements of a Word document: paragraphs, runs, links, fields and bookmarks."""

from __future__ import annotations

import re
from typing import Any

from splw_eval.report.archive import legible

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = re.compile(r"(\t|\r\n|\r|\n)")


def tag(name: str) -> str:
    """Return a name of WordprocessingML, written ``w:name`` in a file."""
    return f"{{{W}}}{name}"


def add(parent: Any, name: str, **values: object) -> Any:
    """Append an element to another; `values` are its attributes."""
    child = parent.makeelement(tag(name))
    parent.append(child)
    for key, value in values.items():
        child.set(tag(key), str(value))
    return child


def paragraph(parent: Any, style: str) -> Any:
    """Append an empty paragraph of a style, named by its id."""
    made = add(parent, "p")
    add(add(made, "pPr"), "pStyle", val=style)
    return made


def keep_with_next(made: Any) -> None:
    """Let no sheet end between a paragraph and the one after it."""
    add(made.find(tag("pPr")), "keepNext")


def on_new_sheet(made: Any) -> None:
    """Let a paragraph begin a sheet, at its very top."""
    settings = made.find(tag("pPr"))
    add(settings, "pageBreakBefore")
    add(settings, "spacing", before=0)


def run(parent: Any, words: str, style: str = "") -> None:
    """Append words, in a style of characters where one is named."""
    if not words:
        return
    made = add(parent, "r")
    if style:
        add(add(made, "rPr"), "rStyle", val=style)
    for part in _BREAKS.split(legible(words)):
        if part == "\t":
            add(made, "tab")
        elif _BREAKS.fullmatch(part):
            add(made, "br")
        elif part:
            text = add(made, "t")
            text.text = part
            text.set(SPACE, "preserve")


def link(parent: Any, words: str, bookmark: str, style: str = "Hyperlink") -> None:
    """Append words that lead to a bookmark of the same document."""
    run(add(parent, "hyperlink", anchor=bookmark, history=1), words, style)


def marked(made: Any, name: str, number: int) -> None:
    """Put a bookmark round all that a paragraph holds."""
    start = made.makeelement(tag("bookmarkStart"))
    start.set(tag("id"), str(number))
    start.set(tag("name"), name)
    made.insert(1, start)  # after its properties
    add(made, "bookmarkEnd", id=number)


def field(parent: Any, code: str, shown: str) -> None:
    """Append a field that Word works out, with what it shows until then."""
    opened(parent, code)
    run(parent, shown)
    closed(parent)


def opened(parent: Any, code: str) -> None:
    """Append the start of a field; what it shows follows."""
    add(add(parent, "r"), "fldChar", fldCharType="begin")
    text = add(add(parent, "r"), "instrText")
    text.text = f" {code} "
    text.set(SPACE, "preserve")
    add(add(parent, "r"), "fldChar", fldCharType="separate")


def closed(parent: Any) -> None:
    """Append the end of a field."""
    add(add(parent, "r"), "fldChar", fldCharType="end")
