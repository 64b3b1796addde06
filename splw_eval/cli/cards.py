"""Instruments in words: the list of the catalogue, and the card of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from splw_eval.cli.wrapped import print_items, print_line, width
from splw_eval.instruments import Difference, Instrument, Norm, Option, Score, read_catalogue
from splw_eval.instruments import instrument as named
from splw_eval.instruments.labels import band_words
from splw_eval.instruments.variants import bands_with, formula_with

TABLE_WIDTH = 60
DIRECTIONS = {"higher_is_better": "higher is better", "lower_is_better": "lower is better"}
_ACCESS = {
    "open": "open",
    "register": "register or ask first",
    "licence": "needs payment or a signed licence",
}
_ROW = "{:<20}  {:>5}  {:<8}  {}"
_LAST = 21  # what is left for the names of the scores


def print_catalogue(folder: Path | None) -> None:
    """Print every instrument, one a line."""
    held = read_catalogue(folder)
    if width() < TABLE_WIDTH:
        print_items(f"{len(held)} instruments", map(_short, held.values()))
    else:
        typer.echo(_ROW.format("name", "items", "scoring", "scores"))
        for asked in held.values():
            _print_row(asked)
        typer.echo("")
    print_line("More of one: splw-eval instruments NAME.")


def _print_row(asked: Instrument) -> None:
    names = ", ".join(score.name for score in asked.scores)
    lines = textwrap.wrap(names, _LAST)
    items = "-" if asked.score_only else len(asked.items)
    name = textwrap.wrap(asked.name, 20)
    typer.echo(_ROW.format(name[0], items, _scoring(asked), lines[0]))
    for i in range(1, max(len(lines), len(name))):
        rest = (part[i] if i < len(part) else "" for part in (name, lines))
        first, last = rest
        typer.echo(_ROW.format(first, "", "", last).rstrip())
    print_line(asked.title, first="  ", rest="  ")


def _scoring(asked: Instrument) -> str:
    return "own" if asked.own else asked.status


def _short(asked: Instrument) -> str:
    scores = ", ".join(score.name for score in asked.scores)
    return f"{asked.name}: {asked.title}; {scores} ({_scoring(asked)})"


def print_card(name: str, folder: Path | None) -> None:
    """Print all that the catalogue holds of one instrument."""
    asked = named(name, folder)
    print_line(f"{asked.title} ({asked.name})")
    print_line(_asked(asked))
    if asked.warning:
        print_line(f"Warning: {asked.warning}")
    options = asked.options.items()
    print_items("The scoring asks", (option_line(key, option) for key, option in options))
    words = {key: option.default for key, option in options}
    for score in asked.scores:
        print_items(f"Score {score.name}", score_lines(score, words, every=True))
    print_items("Flags", (f"{f.name}: {f.title} ({f.source}; {f.status})" for f in asked.flags))
    print_items("Recalled, not checked at its source", asked.recalled)
    print_items("Sources", asked.sources)
    print_items("Licence", [f"{asked.licence} ({_ACCESS[asked.access]})"])


def _asked(asked: Instrument) -> str:
    if asked.score_only:
        return f"Ready-made scores only: {', '.join(asked.items)}. Scoring {asked.status}."
    n = len(asked.items)
    keys = f"{asked.items[0]} to {asked.items[-1]}" if n > 7 else ", ".join(asked.items)  # noqa: PLR2004
    codes = f", answers {asked.codes[0]} to {asked.codes[1]}" if asked.codes else ""
    own = " Your own instrument." if asked.own else ""
    return f"{n} item{'s' if n > 1 else ''} ({keys}){codes}. Scoring {asked.status}.{own}"


def option_line(name: str, option: Option) -> str:
    """One option with its choices, and what holds where nothing is said."""
    said = "".join(f"; {word}: {meaning}" for word, meaning in option.choices.items())
    held = "must be said" if option.required else f"{option.default or 'nothing'} if not said"
    return f"{name} ({held}): {option.meaning.rstrip('.')}{said}."


def score_lines(score: Score, words: Mapping[str, str], *, every: bool) -> Iterator[str]:
    """What a score means, in sentences.

    Parameters
    ----------
    score : Score
    words : mapping of str to str
        Choices of the options.
    every : bool
        Every set of bands and every norm; otherwise the set that was used.
    """
    low, high = score.range
    yield f"{score.title}: from {low:g} to {high:g}, {DIRECTIONS[score.direction]}."
    _, rule, status = formula_with(score, words)
    yield f"Missing items: {rule}{_mark(status)}"
    used = bands_with(score, words)
    for bands in score.bands if every else [used] if used else []:
        said = "; ".join(f"{label}: {scores}" for label, scores in band_words(bands, score.range))
        yield f"Bands of {bands.set}: {said}. Source: {bands.source}.{_mark(bands.status)}"
    yield from map(_difference, score.differences)
    if not any(d.value is not None for d in score.differences):
        yield "Important difference: none established."
    yield from map(_norm, score.norms if every else ())


def _difference(found: Difference) -> str:
    if found.value is None:
        return f"Looked for in {found.source}.{_mark(found.status)} {found.note}".strip()
    size = f"{found.value:g} {found.unit if found.unit == 'points' else 'per cent'}"
    who = f", {found.population}" if found.population else ""
    note = f" {found.note}" if found.note else ""
    return (
        f"Important difference: {size} ({found.kind}{who}). Source: {found.source}."
        f"{_mark(found.status)}{note}"
    )


def _norm(norm: Norm) -> str:
    n = f", n = {norm.n}" if norm.n else ""
    spread = f" ({norm.spread})" if norm.spread else ""
    return (
        f"{norm.group}{n}: {norm.statistic} {norm.value:g}{spread}. Source: {norm.source}."
        f"{_mark(norm.status)}"
    )


def _mark(status: str) -> str:
    return {"recalled": " (Recalled, not checked.)", "computed": " (Our own calculation.)"}.get(
        status, ""
    )
