"""Words in drawings of differences and of residuals: no line through them, and a true minus."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.report.figures import contrasts, drawing, residuals
from splw_eval.report.figures.given import Interval, Panel, Yardstick


@pytest.fixture
def written(monkeypatch):
    """Return the words of a drawing with the white around them, as they are drawn."""
    found: list[Any] = []
    plain = drawing.to_svg

    def kept(figure, *rest):
        for axes in figure.axes:
            ticks = (*axes.get_xticklabels(), *axes.get_yticklabels())
            found.extend((t.get_text(), t.get_bbox_patch()) for t in (*axes.texts, *ticks))
        return plain(figure, *rest)

    monkeypatch.setattr(drawing, "to_svg", kept)
    return found


def drawn(mid, low, high):
    against = Yardstick(unit="points", better="lower", mid=mid, decimals=1)
    row = Interval(words=("8 months: −1.5",), value=-1.5, low=low, high=high, first=True)
    contrasts.draw_contrasts("k", "title", "description", against, (row,))


def test_words_of_a_row_stand_on_white_that_keeps_every_line_away(written):
    drawn(3.5, -5.8, 2.7)
    (patch,) = [patch for words, patch in written if words.startswith("8 months")]
    assert patch.get_facecolor()[:3] == (1.0, 1.0, 1.0)
    assert patch.get_boxstyle().pad * drawing.POINTS >= 2


@pytest.mark.parametrize(("mid", "times"), [(3.5, 2), (0.3, 0)])
def test_a_mid_near_no_difference_is_not_written_over_it(written, mid, times):
    drawn(mid, -5.8, 2.7)
    words = [words for words, _ in written]
    assert "none" in words
    assert sum(word.startswith("MID") for word in words) == times


def test_ticks_of_residuals_have_a_minus_and_no_hyphen(written):
    panel = Panel(label="3 months", points=((-1.0, -1.1), (0.0, 0.1), (1.0, 0.9)))
    residuals.draw_residuals("k", "title", "description", (panel,))
    words = [words for words, _ in written]
    assert words.count("−2") == 2
    assert "-2" not in words
