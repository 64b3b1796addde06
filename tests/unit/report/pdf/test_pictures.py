"""Drawings as PNG pictures."""

from __future__ import annotations

import struct

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.report.figures import drawing
from splw_eval.report.pdf.pictures import to_png, to_pngs

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{inside}</svg>'
LINE = '<path d="M 0 0 L 100 100" stroke="#000000"></path>'


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_picture_is_as_large_as_its_drawing_counted_in_points():
    assert size(to_png(SVG.format(width=288, height=144, inside=LINE))) == (800, 400)
    assert size(to_png(SVG.format(width=288, height=144, inside=LINE), ppi=72)) == (288, 144)


def test_a_drawing_of_our_own_becomes_a_picture():
    with drawing.style():
        figure = drawing.canvas(3)
        figure.subplots().plot([0, 1], [0, 1])
        svg = drawing.to_svg(figure, "key", "Title", "Description")
    assert size(to_png(svg)) == (800, 600)


def test_pictures_made_together_are_those_made_one_by_one_and_the_same_each_time():
    svgs = [SVG.format(width=90 + i, height=90, inside=LINE) for i in range(3)]
    assert to_pngs(svgs) == tuple(to_png(svg) for svg in svgs)
    assert len(set(to_pngs(svgs))) == 3


def test_no_drawings_make_no_pictures():
    assert to_pngs(()) == ()


def test_a_drawing_that_cannot_be_read_is_a_fault_with_a_remedy():
    with pytest.raises(OutputError, match="PNG form could not be made") as fault:
        to_png("<svg")
    assert fault.value.remedy


def test_words_of_a_drawing_are_never_read_as_typst():
    words = SVG.format(width=90, height=90, inside='<desc>#panic() \\u{41} "</desc>' + LINE)
    assert to_png(words) == to_png(SVG.format(width=90, height=90, inside=LINE))
