"""The pages of a report under the headings that its contents have, the same in every form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from splw_eval.report.blocks import Page


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring pages under one heading of the contents; `title` may be empty."""

    title: str
    pages: tuple[Page, ...]


def grouped(pages: Iterable[Page]) -> tuple[Part, ...]:
    """Return pages in their order, neighbours of one part together.

    Parameters
    ----------
    pages : iterable of Page

    Returns
    -------
    tuple of Part
    """
    held = groupby(pages, key=lambda page: page.part)
    return tuple(Part(title, tuple(inside)) for title, inside in held)
