"""What a screen reader finds in a PDF: its tags, and the words that each of them holds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pikepdf

Words = dict[tuple[int, int], str]  # by the number of the sheet and of the marked words
PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
BREAK = "\u200b"
FOOT = -1  # what a screen reader passes over
OPERATORS = "BDC BMC EMC q Q cm Tm Tf Tj TJ"


@dataclass(frozen=True)
class Run:
    """Words drawn at once, with the mark that they carry and where they begin."""

    mark: int
    text: str
    at: tuple[float, float]


@dataclass
class Tag:
    """One tag with its words and its parts, in reading order."""

    kind: str
    alt: str = ""
    scope: str = ""
    parts: list[Tag | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.text for p in self.parts).replace(BREAK, "")

    def all(self, *kinds: str) -> Iterator[Tag]:
        for part in self.parts:
            if isinstance(part, Tag):
                if part.kind in kinds:
                    yield part
                yield from part.all(*kinds)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def tags(pdf: bytes) -> Tag:
    """Return the tags of a file, from its root."""
    words: Words = {}
    for sheet, runs in enumerate(_runs(pdf)):
        for run in runs:
            words[sheet, run.mark] = words.get((sheet, run.mark), "") + run.text
    with opened(pdf) as held:
        root: Any = held.Root
        numbers = {page.objgen: i for i, page in enumerate(held.pages)}
        return _tag(root.StructTreeRoot.K[0], numbers, words)


def sheets(pdf: bytes) -> list[str]:
    """Return all words of each sheet, its foot with them."""
    return ["".join(run.text for run in runs) for runs in _runs(pdf)]


def tables(pdf: bytes) -> list[list[list[str]]]:
    """Return the words of each cell of each table, headings first."""
    return [
        [[cell.text for cell in row.all("TH", "TD")] for row in table.all("TR")]
        for table in tags(pdf).all("Table")
    ]


def places(pdf: bytes) -> list[tuple[float, float]]:
    """Return where each run of words begins, in points from the corner below on the left."""
    return [run.at for runs in _runs(pdf) for run in runs]


def _tag(element: Any, numbers: dict[Any, int], words: Words, sheet: int = 0) -> Tag:
    sheet = numbers[element.Pg.objgen] if "/Pg" in element else sheet
    made = Tag(str(element.S)[1:], alt=str(element.get("/Alt", "")), scope=_scope(element))
    for kid in _listed(element.get("/K", [])):
        if not isinstance(kid, pikepdf.Object):
            made.parts.append(words.get((sheet, int(kid)), ""))
        elif "/MCID" in kid:
            there = numbers[kid.Pg.objgen] if "/Pg" in kid else sheet
            made.parts.append(words.get((there, int(kid.MCID)), ""))
        elif "/S" in kid:
            made.parts.append(_tag(kid, numbers, words, sheet))
    return made


def _scope(element: Any) -> str:
    return "".join(str(a.Scope)[1:] for a in _listed(element.get("/A", [])) if "/Scope" in a)


def _listed(held: Any) -> list[Any]:
    many = isinstance(held, (pikepdf.Array, list))
    return list(held) if many else [held]


@lru_cache(maxsize=4)
def _runs(pdf: bytes) -> list[list[Run]]:
    with opened(pdf) as held:
        return [list(_of_sheet(page)) for page in held.pages]


def _of_sheet(page: pikepdf.Page) -> Iterator[Run]:
    """Yield the words of a sheet in the order in which they are drawn."""
    resources: Any = page.Resources
    fonts = {name: _letters(font) for name, font in dict(resources.get("/Font", {})).items()}
    marks, letters = [FOOT], dict[bytes, str]()
    at, kept, line = pikepdf.Matrix(), list[pikepdf.Matrix](), pikepdf.Matrix()
    steps: Any = pikepdf.parse_content_stream(page, OPERATORS)
    for operands, operator in steps:
        match str(operator):
            case "BDC" | "BMC":
                marks.append(_mark(operands[-1], marks[-1]))
            case "EMC":
                marks.pop()
            case "q":
                kept.append(at)
            case "Q":
                at = kept.pop()
            case "cm":
                at = pikepdf.Matrix(*map(float, operands)) @ at
            case "Tm":
                line = pikepdf.Matrix(*map(float, operands)) @ at
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                yield Run(marks[-1], _read(shown, letters), (line.e, line.f))


def _mark(properties: Any, around: int) -> int:
    named = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
    return int(properties.MCID) if named else around


def _read(shown: Any, letters: dict[bytes, str]) -> str:
    raw = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
    return "".join(letters.get(raw[i : i + 2], "") for i in range(0, len(raw), 2))


def _letters(font: Any) -> dict[bytes, str]:
    """Return what each glyph of a typeface means."""
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(means.decode()).decode("utf-16-be")
        for glyph, means in PAIR.findall(font.ToUnicode.read_bytes())
    }
