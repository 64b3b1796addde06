"""The options of one design's command, made from the tables of the planning room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, Signature
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Optional

import typer

from splw_eval.power.design import COMMON, DEFAULTS, Kind
from splw_eval.power.kinds import kind_of
from splw_eval.power.options import OPTIONS, Option
from splw_eval.power.words.meanings import OF_DESIGN

_GROUPS = {  # by the first option of each
    "solve": "What is asked",
    "diff": "The difference",
    "clusters": "People and clusters",
    "icc": "Correlations and spread",
    "visits": "Time",
}
_SOURCES, _OUTPUT = "Where numbers come from", "What is printed and written"
_METAVARS = {"number": "NUMBER", "numbers": "LIST", "matrix": "FILE", "word": "WORD"}
FILE = "matrix"  # the option that is an argument of the design of that name
RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(  # of degrees of freedom, default first
    {
        "parallel": ("k-2", "satterthwaite", "welch"),
        "baseline": ("k-2", "satterthwaite"),
        "cohort": ("k-2", "satterthwaite"),
        "did": ("k-2", "satterthwaite"),
        "stepped-wedge": ("k-2", "between-within"),
        "crossover": ("k-2", "between-within"),
        "matrix": ("k-2", "between-within"),
        "partially-nested": ("satterthwaite", "welch", "j-1"),
        "multi-arm": ("k-arms", "n-arms", "welch"),
        "multisite": ("j-1", "n-j-1"),
        "slopes": ("n-2", "k-2", "welch", "j-1"),
        "individual": ("n-2", "n-3", "satterthwaite", "welch"),
        "tte": ("k-2",),
        "pre-post": ("n-1", "k-1"),
    }
)
Part = tuple[str, Any, Any]  # name, annotation, default


def runner(name: str, line: str) -> Callable[..., None]:
    """A function with one parameter for each option, for typer to read.

    Parameters
    ----------
    name : str
        Of the design.
    line : str
        What it is, for ``--help``.

    Returns
    -------
    callable
    """
    kind = kind_of(name)

    def run(ctx: typer.Context, **said: Any) -> None:
        from splw_eval.cli.power_run import run_power

        raise typer.Exit(run_power(kind, said, ctx.args))

    parts = [("ctx", typer.Context, Parameter.empty), *_parts(kind)]
    keyword = Parameter.KEYWORD_ONLY
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(n, keyword, default=default, annotation=kept) for n, kept, default in parts]
    )
    run.__annotations__ = {n: kept for n, kept, _ in parts}
    needed = "\n\n".join((line, f"Needed: {_needed(kind)}.", _sought(kind)))
    run.__doc__ = needed
    return run


def _parts(kind: Kind) -> Iterator[Part]:
    if kind.name == FILE:
        words = "A row for each sequence, a column for each period: 0, 1 or blank."
        shown = typer.Argument(help=words, show_default=False)
        yield "file", Annotated[Optional[str], shown], None  # noqa: UP045 - read by typer
    group = ""
    for name, option in OPTIONS.items():
        group = _GROUPS.get(name, group)
        if name in (*COMMON, *kind.takes):
            yield _one(kind, option, group)
    yield from _beside(kind)


def _one(kind: Kind, option: Option, group: str) -> Part:
    if option.form == "flag":
        shown = typer.Option(option.flag, help=_meaning(kind, option), rich_help_panel=group)
        return option.name, Annotated[bool, shown], False
    words = kind.solves if option.name == "solve" else option.words
    metavar = "|".join(words) or _METAVARS[option.form]
    shown = typer.Option(
        option.flag, help=_meaning(kind, option), metavar=metavar, rich_help_panel=group
    )
    return option.name, Annotated[Optional[str], shown], None  # noqa: UP045


def _meaning(kind: Kind, option: Option) -> str:
    meaning = OF_DESIGN.get((kind.name, option.name), option.meaning)
    text = meaning[0].upper() + meaning[1:]
    if option.name == "df":
        rules = RULES[kind.name]
        return f"{text} ({', '.join((*rules, 'z'))}). The first that fits if left out."
    units = f" ({option.unit})" if option.unit else ""
    held = {**DEFAULTS, **kind.defaults}.get(option.name)
    return f"{text}{units}.{'' if held is None else f' {held} if left out.'}"


def _beside(kind: Kind) -> Iterator[Part]:
    """Options of the command and not of the design."""
    texts = (
        ("instrument", "NAME", _SOURCES, "Questionnaire, for its SD and important difference."),
        ("icc_from", "FILE[:OUTCOME]", _SOURCES, "Take the ICC from results.json of a report."),
        ("curve", "X=NAME:LOW..HIGH", _OUTPUT, "Power over a range: x=clusters:6..30."),
        ("simulate", "N", _OUTPUT, "Also simulate so many trials."),
        ("seed", "N", _OUTPUT, "Seed of the simulation; 1 if left out."),
    )
    for name, metavar, panel, text in texts:
        if name == "icc_from" and "icc" not in kind.takes:
            continue
        flag = "--" + name.replace("_", "-")
        shown = typer.Option(flag, metavar=metavar, help=text, rich_help_panel=panel)
        kept = Optional[list[str]] if name == "curve" else Optional[str]  # noqa: UP045
        yield name, Annotated[kept, shown], None
    shown = typer.Option(
        "--source", metavar="NAME=TEXT", help="Where an input comes from.", rich_help_panel=_SOURCES
    )
    yield "source", Annotated[Optional[list[str]], shown], None  # noqa: UP045
    shown = typer.Option(help="Draw the curve into FILE.png or FILE.svg.", rich_help_panel=_OUTPUT)
    yield "out", Annotated[Optional[Path], shown], None  # noqa: UP045
    for name, text in (
        ("json", "Print one JSON record, for machines."),
        ("table", "Print the table of the curve, or of other inputs, as CSV."),
        ("protocol", "Print the paragraph for a protocol."),
        ("check", "Print the formula beside a simulation."),
    ):
        shown = typer.Option(f"--{name}", help=text, rich_help_panel=_OUTPUT)
        yield name, Annotated[bool, shown], False


def _needed(kind: Kind) -> str:
    """The groups of options of which one each is needed."""
    free = {name for name in ("clusters", "size") if name in kind.solves}
    told = []
    for group in kind.needs:
        flags = " or ".join(f"`{OPTIONS[name].flag}`" for name in group)
        if group == (FILE,):
            flags = f"the file, as it is or by {flags}"
        told.append(f"{flags}{' unless sought' if free & set(group) else ''}")
    return "; ".join(told)


def _sought(kind: Kind) -> str:
    return f"It can be solved for: {', '.join(kind.solves)}."
