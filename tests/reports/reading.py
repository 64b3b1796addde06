"""What a reader reads in a page: its words, without the tags."""

from __future__ import annotations

from html.parser import HTMLParser


class _Words(HTMLParser):
    """Collects text by the id of the nearest heading or block before it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in {"style", "svg"}
        if tag in {"p", "li", "td", "th", "h1", "h2", "h3", "figcaption", "caption"}:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in {"style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(data)


def words(html: str) -> str:
    """Return the text of a page, a line for each block."""
    reader = _Words()
    reader.feed(html)
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


def page_one(html: str) -> str:
    """Return the text of page one."""
    start = html.index('<h2 id="answer">')
    return words(html[start : html.index('<section class="page', start)])
