"""What a checked study can support, as short lines for a terminal of any width."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from splw_eval.core.findings import Finding
from splw_eval.core.plan.codes import PLAN_CODES
from splw_eval.data import CODES, Study
from splw_eval.evaluate.support import ANSWERED, NOT_ANSWERED, supported

if TYPE_CHECKING:
    from splw_eval.core.plan import Outcome
    from splw_eval.core.rows import FunnelRow, PrecisionRow

SHOWN = 15  # codes; the file of findings holds every one
NARROWEST, WIDEST = 24, 88


def print_supported(study: Study) -> None:
    """Print findings by code, then questions and precision, on standard output."""
    print_list("Findings by code", _by_code(study.findings))
    held = supported(study)
    for answer, heading in _HEADINGS.items():
        rows = [row for row in held.questions.rows if row.answer == answer]
        why = " Lacking: {}." if answer == NOT_ANSWERED else ""
        print_list(heading, (row.question + why.format(row.lacking) for row in rows))
    for outcome in study.plan.outcomes:
        measured = {(r.arm, r.wave): r for r in held.flow.rows if r.outcome == outcome.name}
        told = [row for row in held.precision.rows if row.outcome == outcome.name]
        lines = (_precision(study, outcome, row, measured[row.arm, row.wave]) for row in told)
        print_list(f"{outcome.label}: how exactly a change is known (about)", lines)
    typer.echo("\n" + textwrap.fill(_counts(study), _width()))


_HEADINGS = {
    ANSWERED: "The report will answer",
    NOT_ANSWERED: "These data cannot answer",
}


def _by_code(findings: Iterable[Finding]) -> Iterator[str]:
    found = list(findings)
    times = Counter(finding.code for finding in found)
    for code, n in sorted(times.items())[:SHOWN]:
        rows = sum(len(f.rows) for f in found if f.code == code)
        in_rows = f", {rows:,} row{'' if rows == 1 else 's'}" if rows else ""
        yield f"{code} {(CODES | PLAN_CODES).get(code, '')}: {n:,}{in_rows}"
    if len(times) > SHOWN:
        yield f"and {len(times) - SHOWN} more codes"


def _precision(study: Study, outcome: Outcome, row: PrecisionRow, at: FunnelRow) -> str:
    wave = next(wave.title for wave in study.plan.waves if wave.name == row.wave)
    arm = f"{row.arm}, " if study.plan.arms else ""
    parts = [f"{arm}{wave}: {_n(at.measured)} measured, {_n(row.n)} of them at the start too"]
    if row.clusters is not None:
        parts.append(f"{row.clusters} clusters")
    if row.half_width is None:
        return "; ".join([*parts, "no interval can be given"]) + "."
    parts.append(f"known to within {row.half_width:.{outcome.decimals}f} {outcome.unit}")
    if outcome.mid is not None:
        parts.append(
            f"precise enough to see a change of the size of the MID ({outcome.mid.value:g}): "
            f"{(row.enough or '*').lower()}"
        )
    return "; ".join(parts) + "."


def _counts(study: Study) -> str:
    """How many there are of each, to compare with what the reader knows."""
    people = study.people
    groups = (("practice", people.cluster), ("link worker", people.link_worker))
    told = [_many(len(people), "person", "people")]
    for word, codes in groups:
        if codes is not None:
            told.append(_many(len(set(codes[codes >= 0].tolist())), word, f"{word}s"))
    return f"In the files: {', '.join(told)}."


def _many(n: int, one: str, several: str) -> str:
    return f"{n:,} {one if n == 1 else several}"


def _n(count: int | None) -> str:
    return "*" if count is None else f"{count:,}"


def _width() -> int:
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def print_list(heading: str, lines: Iterable[str]) -> None:
    """Print one item a line, wrapped: a table would break on a narrow terminal."""
    width = _width()
    items = list(lines)
    if not items:
        return
    typer.echo("\n" + "\n".join(textwrap.wrap(f"{heading}:", width)))
    for item in items:
        typer.echo(
            textwrap.fill(
                item,
                width,
                initial_indent="  - ",
                subsequent_indent="    ",
                break_on_hyphens=False,
            )
        )
