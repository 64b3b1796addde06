"""The typeface of figures and sheets, which comes with matplotlib on every machine."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

REGULAR = "DejaVuSans.ttf"
BOLD = "DejaVuSans-Bold.ttf"
FRACTION = 65536  # FreeType counts an advance in parts of a pixel
INCH = 72  # points


def typeface_folder() -> Path:
    """Return the folder that holds DejaVu Sans."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """Return the code points that DejaVu Sans can print, upright and bold."""
    return frozenset(_font(REGULAR).get_charmap()) & frozenset(_font(BOLD).get_charmap())


@lru_cache(maxsize=4096)
def advance(character: str, bold: bool = False) -> float:
    """Return how wide one character is, as a share of the size of the type."""
    font = _font(BOLD if bold else REGULAR)
    return font.load_char(ord(character)).linearHoriAdvance / FRACTION / font.units_per_EM


@lru_cache(maxsize=2)
def _font(name: str) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(typeface_folder() / name))
    font.set_size(font.units_per_EM, INCH)  # one dot for each unit, so that nothing is rounded
    return font
