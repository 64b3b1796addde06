"""The drawing of what designs detect."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure

from splw_eval.report.figures import drawing
from splw_eval.report.figures.detectable import Detected, draw_detectable, ticks

ROWS = (
    Detected(words="First design: 0.05", low=0.05, high=0.05, first=True),
    Detected(words="Second design: 0.07 to 0.12", low=0.07, high=0.12),
)


def drawn(rows: tuple[Detected, ...] = ROWS, **changes: object) -> str:
    given = {"mid": 0.063, "unit": "index", "decimals": 3} | changes
    return draw_detectable("one", "Title", "Said in words.", rows, **given)  # type: ignore[arg-type]


def test_it_is_one_drawing_with_its_name_and_its_words():
    svg = drawn()
    assert svg.startswith("<svg")
    assert 'aria-labelledby="one-title one-desc"' in svg
    assert "Said in words." in svg


def test_it_repeats_byte_for_byte():
    assert drawn() == drawn()


def test_it_grows_with_its_rows():
    def height(svg: str) -> float:
        found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
        assert found is not None
        return float(found[1])

    assert height(drawn(ROWS * 2)) > height(drawn())


def test_the_mid_is_on_the_scale_where_all_designs_detect_less():
    assert drawn(mid=0.5) != drawn()


@pytest.mark.parametrize(
    ("end", "marks"),
    [
        (0.1312, (0, 0.05, 0.1)),
        (0.2275, (0, 0.05, 0.1, 0.15, 0.2)),
        (0.0669, (0, 0.02, 0.04, 0.06)),
        (7.3, (0, 2, 4, 6)),
        (10.0, (0, 2, 4, 6, 8, 10)),
    ],
)
def test_marks_of_the_scale_are_round(end, marks):
    assert ticks(end) == pytest.approx(marks)


def test_the_scale_has_round_numbers_and_the_line_has_its_name(monkeypatch):
    written: list[str] = []
    real = drawing.to_svg

    def noted(figure: Figure, *words: str) -> str:
        written.extend(text.get_text() for axes in figure.axes for text in axes.texts)
        return real(figure, *words)

    monkeypatch.setattr(drawing, "to_svg", noted)
    drawn()
    assert {"0", "0.05", "0.10", "smallest important difference, 0.063"} <= set(written)
    assert not {"0.127", "none"} & set(written)  # the end of the scale; a 0 without its meaning
