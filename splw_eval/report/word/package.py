"""An empty Word document with our styles, on sheets of A4, and nothing of another program."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from splw_eval.report.word.parts import W, add, tag

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.package import OpcPackage

# Twentieths of a point.
SHEET = {"w": 11906, "h": 16838}
MARGINS = {"top": 709, "right": 1021, "bottom": 936, "left": 1021, "header": 567, "footer": 425}
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>splw-eval</Application></Properties>'
)
# Traces of the program's own template.
_SETTINGS = ("proofState", "rsids", "savePreviewPicture", "zoom", "defaultImageDpi", "docId")
_WORD_2013 = "15"  # what a later Word opens without calling it an old document


def empty(language: str) -> Document:
    """Return a document without a word in it.

    Parameters
    ----------
    language : str
        Of its words, such as ``en-GB``.
    """
    import docx

    document = docx.Document()
    _replace(document.styles.element, "word_styles.xml")
    _replace(document.part.numbering_part.element, "word_numbering.xml")
    for element in document.styles.element.iter(tag("lang")):
        element.set(tag("val"), language)
    _settle(document.settings.element, language)
    _clear(document.part.package)
    body = document.element.body
    for child in list(body):
        body.remove(child)
    return document


def sheet(body: Any) -> None:
    """Append what the sheets are like, which stands at the end of a document."""
    made = add(body, "sectPr")
    add(made, "pgSz", **SHEET)
    add(made, "pgMar", gutter=0, **MARGINS)


def _settle(settings: Any, language: str) -> None:
    """Set how Word treats the document."""
    for child in list(settings):
        if str(child.tag).rpartition("}")[2] in _SETTINGS:
            settings.remove(child)
    for child in settings.iter(tag("themeFontLang")):
        child.attrib.clear()
        child.set(tag("val"), language)
    for child in settings.iter(tag("compatSetting")):
        if child.get(tag("name")) == "compatibilityMode":
            child.set(tag("val"), _WORD_2013)


def _replace(element: Any, name: str) -> None:
    """Fill an element of the package with our own content."""
    # python-docx reads with its own parser, so that its elements know what they are.
    from docx.oxml.parser import parse_xml

    source = files("splw_eval.report").joinpath(f"templates/{name}").read_bytes()
    # It names prefixes that our own content does not have.
    element.attrib.clear()
    for child in list(element):
        element.remove(child)
    ours = parse_xml(source)
    for child in [c for c in ours if isinstance(c.tag, str) and c.tag.startswith(f"{{{W}}}")]:
        element.append(child)


def _clear(package: OpcPackage) -> None:
    """Take out the picture of an empty sheet, and another program's name."""
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
        elif relation.reltype.endswith("/extended-properties"):
            relation.target_part._blob = _APPLICATION
    main = next(r for r in package.rels.values() if r.reltype.endswith("/officeDocument"))
    held = main.target_part.rels
    for key, relation in list(held.items()):
        if relation.reltype.endswith(("/customXml", "/stylesWithEffects")):
            del held[key]
