"""Drawings as pictures of dots, for the formats that cannot hold lines."""

from __future__ import annotations

import json
from collections.abc import Sequence

PPI = 200  # dots an inch: sharp on paper, and small enough to send

# The drawings come as data, so no word in them is ever read as Typst.
SOURCE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#let drawings = json(bytes(sys.inputs.drawings))
#for (i, drawing) in drawings.enumerate() {
  if i > 0 { pagebreak() }
  // A drawing counts in points, and Typst takes its unit for a pixel of a 96th of an inch.
  context {
    let picture = image(bytes(drawing), format: "svg")
    image(bytes(drawing), format: "svg", width: measure(picture).width * 4 / 3)
  }
}
"""


def to_png(svg: str, ppi: int = PPI) -> bytes:
    """Return one drawing as a PNG picture on white.

    Parameters
    ----------
    svg : str
        One ``<svg>`` element as a Figure holds it.
    ppi : int
        Dots an inch.

    Returns
    -------
    bytes
        As large on paper as it was drawn; the same for the same drawing on every day.

    Raises
    ------
    OutputError
        The drawing cannot be read.
    """
    return to_pngs((svg,), ppi)[0]


def to_pngs(svgs: Sequence[str], ppi: int = PPI) -> tuple[bytes, ...]:
    """Return drawings as PNG pictures in their order, all made in one run.

    Parameters
    ----------
    svgs : sequence of str
        ``<svg>`` elements as Figures hold them.
    ppi : int
        Dots an inch.

    Returns
    -------
    tuple of bytes
        One for each drawing.

    Raises
    ------
    OutputError
        A drawing cannot be read.
    """
    from splw_eval.report.pdf.typesetting import typeset

    if not svgs:
        return ()
    inputs = {"drawings": json.dumps(list(svgs))}
    return typeset(SOURCE, inputs, form="png", ppi=ppi)
