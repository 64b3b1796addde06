"""The commands of splw-eval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from splw_eval.cli.power_group import power_app

app = typer.Typer(
    name="splw-eval",
    help="Evaluate a social-prescribing link-worker programme, from its files to a report.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals would print people's data
    pretty_exceptions_enable=False,
)

app.add_typer(power_app)

PlanPath = Annotated[Path, typer.Argument(help="The plan, study.toml.", show_default=False)]


def run_commands() -> None:
    """Run what was typed; a fault that we know is printed plainly and ends with 1."""
    from splw_eval.core.errors import SplwError

    try:
        app()
    except SplwError as error:
        from splw_eval.cli.messages import print_error

        print_error(error)
        raise SystemExit(1) from None


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"splw-eval {version('splw-eval')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", show_default=False)],
) -> None:
    """Make a folder with a plan to fill in, data templates and their codebook."""
    from splw_eval.cli.starter import write_starter

    for name, purpose in write_starter(folder):
        typer.echo(f"  {folder / name}  {purpose}")
    typer.echo(
        f"Next: fill in {folder / 'study.toml'}, then: splw-eval check {folder / 'study.toml'}"
    )


@app.command()
def check(
    plan: PlanPath,
    findings: Annotated[
        Path | None, typer.Option(help="Also write every finding into this CSV file.")
    ] = None,
) -> None:
    """Check the plan and its files, and say what is wrong and what to do."""
    from splw_eval.cli.checking import run_check

    raise typer.Exit(run_check(plan, findings))


@app.command()
def report(
    plan: PlanPath,
    out: Annotated[Path, typer.Option(help="Folder of the report.", show_default=False)],
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORM[,FORM]", help="One or several of html, pdf, docx and xlsx."
        ),
    ] = "html",
    reader: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="READER",
            help="commissioner: four sheets at most. evaluator: everything. public: plain words.",
        ),
    ] = "evaluator",
) -> None:
    """Make the report of a study; the folder holds the old one until the new one is whole."""
    from splw_eval.cli.reporting import beside, run_report

    page = run_report(plan, out, form, reader)
    typer.echo(f"Report: {page}")
    if others := beside(page, form):
        typer.echo(f"Beside it: {', '.join(others)}.")


@app.command()
def appraise(
    plan: Annotated[
        Path | None, typer.Argument(help="The plan, study.toml.", show_default=False)
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A checklist, such as strobe; may be given again."),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the checklists: for whom, and their licences.")
    ] = False,
    planned: Annotated[
        bool, typer.Option("--planned", help="Before data: say what must be collected.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, a row for each check.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write FILE.csv, FILE.json or FILE.html, print nothing.")
    ] = None,
) -> None:
    """Hold a study against what reviewers and reporting standards ask, item by item.

    Each check is reported, not reported, not applicable, or needs the author, with what is there
    and what to do; never a score. Before data it says what must be collected.
    """
    from splw_eval.cli.appraise import run_appraise

    code = run_appraise(plan, profile or (), planned=planned, listing=listing, json=json, out=out)
    raise typer.Exit(code)


@app.command()
def score(  # noqa: PLR0913, PLR0917 - as many as the command has options
    file: Annotated[Path, typer.Argument(help="A row for each questionnaire.", show_default=False)],
    instrument: Annotated[
        str, typer.Option(help="Its name; `splw-eval instruments` lists them.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="The scores, FILE.csv.", show_default=False)],
    items: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=COLUMN", help="Column of an item; or one pattern for all: 'q{item}'."
        ),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What the scoring asks.")
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A code that means missing.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="Column kept beside the scores.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder that holds your own instruments/*.toml.")
    ] = None,
    delimiter: Annotated[str, typer.Option(help="What separates the cells of a CSV file.")] = ",",
    decimal: Annotated[str, typer.Option(help="Decimal sign of a CSV file: . or ,")] = ".",
    encoding: Annotated[str, typer.Option(help="Encoding of a CSV file.")] = "utf-8",
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
) -> None:
    """Score the answers to one instrument, from a file to a file.

    Beside each score stand its band, how many items were answered, and whether the score is
    prorated. Flag columns (True, False, empty), such as risk_item of phq9, mark the rows that
    somebody should look at: `splw-eval instruments NAME` says what each means.
    """
    from splw_eval.cli.scoring import run_score

    reading = {"delimiter": delimiter, "decimal": decimal, "encoding": encoding}
    reading |= {"sheet": sheet} if sheet else {}
    run_score(
        file,
        out,
        instrument=instrument,
        items=items or (),
        options=option or (),
        missing=missing or (),
        id=id_column,
        folder=folder,
        reading=reading,
    )


@app.command()
def instruments(
    name: Annotated[str | None, typer.Argument(help="One of them, for all about it.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder that holds your own instruments/*.toml.")
    ] = None,
) -> None:
    """List the instruments that can be scored, or tell all about one."""
    from splw_eval.cli.cards import print_card, print_catalogue

    if name is None:
        print_catalogue(folder)
    else:
        print_card(name, folder)
