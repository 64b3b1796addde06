"""The drawing of what designs detect."""

from __future__ import annotations

import re

from splw_eval.report.figures.detectable import Detected, draw_detectable

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
