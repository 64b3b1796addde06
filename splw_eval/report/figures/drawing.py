"""One canvas for every figure: type, colours, and SVG that repeats byte for byte."""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
WIDTH_INCHES = 4.0  # narrow, so that the type is still readable 320 pixels wide
POINTS = 10.5  # size of the type

INK = "#1b2a36"
QUIET = "#52606b"  # 6.4:1 on white
RULE = "#c9d2d9"
GOOD = "#0b5c8f"  # 7.1:1 on white
MIDDLE = "#e3e8ec"
POOR = "#b4531a"  # 5.2:1 on white
PANEL = "#f2f6f9"

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine draws the same
    "font.size": POINTS,
    "text.parse_math": False,  # a "$" in a name is a dollar
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "splw_eval",
    "figure.facecolor": "white",
    "path.simplify": False,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one group is told from the others, in more ways than colour."""

    colour: str
    marker: str
    dashes: tuple[int, ...]


MARKS = (
    Mark(GOOD, "o", ()),
    Mark(POOR, "s", (4, 2)),
    Mark("#3d6b21", "^", (1, 1)),
    Mark("#6a3d9a", "D", (6, 2, 1, 2)),
)


@contextmanager
def style() -> Iterator[None]:
    """Set type and colours for the drawing inside, and nothing outside."""
    # A glyph that the typeface lacks is drawn as a box; the words stand in the text as well.
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def canvas(height_inches: float) -> Figure:
    """Return an empty figure of the common width, bound to no window."""
    return Figure(figsize=(WIDTH_INCHES, height_inches))


def wrapped(words: str, width: int, lines: int = 3) -> str:
    """Return words broken into at most `lines` lines; the page holds them in full."""
    return "\n".join(
        textwrap.wrap(words, width, max_lines=lines, placeholder=" …", break_long_words=True)
    )


def to_svg(figure: Figure, key: str, title: str, description: str) -> str:
    """Return a figure as one ``<svg>`` element for a page that holds several.

    Parameters
    ----------
    figure : Figure
    key : str
        Prefix of every id, so that two drawings of one page never share one.
    title, description : str
        What a reader who cannot see the drawing hears.

    Returns
    -------
    str
        Without prolog, time stamp, script or style sheet.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    root = ET.fromstring(buffer.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)
    _prefix_ids(root, key)
    _describe(root, key, title, description)
    return _plain(root)


def _prefix_ids(root: ET.Element, key: str) -> None:
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set(name, f"{key}-{value}")
            elif name in {"href", f"{{{XLINK}}}href"}:
                del element.attrib[name]
                element.set("href", f"#{key}-{value.removeprefix('#')}")
            elif "url(#" in value:
                element.set(name, re.sub(r"url\(#", f"url(#{key}-", value))


def _describe(root: ET.Element, key: str, title: str, description: str) -> None:
    """Name the drawing for screen readers, and let the page decide its size."""
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    root.set("stroke-linejoin", "round")
    for position, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{key}-{tag}"})
        element.text = words
        root.insert(position, element)


def _plain(root: ET.Element) -> str:
    """Serialise without name prefixes, as HTML wants it."""
    text = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return re.sub(r"(</?)ns\d+:", r"\1", text).replace("xmlns:ns0=", "xmlns=", 1)
