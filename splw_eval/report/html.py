"""The report as one HTML file that asks for nothing else."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from splw_eval.report.blocks import Block, Item, Report
from splw_eval.report.numbers import shown
from splw_eval.report.parts import grouped

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render_html(report: Report) -> str:
    """Return a report as one self-contained page.

    Parameters
    ----------
    report : Report
        The description; it is only read.

    Returns
    -------
    str
        No script, no font, no image and no request.
    """
    from markupsafe import Markup

    style = files("splw_eval.report").joinpath("templates/report.css").read_text("utf-8")
    template = _environment().get_template("report.html")
    # Our own file, without one word of the plan or the data in it.
    return template.render(report=report, style=Markup(style)) + "\n"


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("splw_eval.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters.update(
        shown=shown,
        drawing=_drawing,
        kind=_kind,
        linked=_linked,
        groups=grouped,
        css_string=_css_string,
    )
    return environment


def _drawing(svg: str) -> Markup:
    """Let our own drawing through as it is; its words were escaped when it was made."""
    from markupsafe import Markup

    return Markup(svg)


def _linked(item: Item) -> Markup:
    """Return the words of an entry, with those that name a page as links to it."""
    from markupsafe import Markup, escape

    rest, found = item.text, Markup("")
    for words, page in reversed(item.links):
        before, held, after = rest.rpartition(words)
        if not held:
            continue
        link = Markup('<a href="#{}">{}</a>').format(page, words)
        rest, found = before, link + escape(after) + found
    return escape(rest) + found


def _css_string(words: str) -> Markup:
    """Return words as a string of a style sheet, every sign but letters and digits escaped."""
    from markupsafe import Markup

    signs = (c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in words)
    return Markup('"' + "".join(signs) + '"')


def _kind(block: Block) -> str:
    return type(block).__name__
