"""The refusal of files that tell who somebody is, before anything else reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from splw_eval.core.findings import Severity, errors_of
from splw_eval.core.plan import Plan
from splw_eval.data.codebook import codebook
from splw_eval.data.headings import holds_identifier, may_be_said
from splw_eval.data.identifiers.ages import (
    Dated,
    births_among,
    dated,
    find_birth_dates,
    find_exact_ages,
    find_great_ages,
)
from splw_eval.data.identifiers.column import (
    Column,
    Detector,
    Hit,
    heading_words,
    named_anywhere,
    role_of,
)
from splw_eval.data.identifiers.contact import find_emails, find_telephones, may_be_dialled
from splw_eval.data.identifiers.embedded import find_embedded
from splw_eval.data.identifiers.free_text import is_free_text
from splw_eval.data.identifiers.hashes import find_hashes
from splw_eval.data.identifiers.names import find_names, find_staff_names
from splw_eval.data.identifiers.national_numbers import (
    LEAST,
    find_national_numbers,
    may_be_national,
)
from splw_eval.data.identifiers.places import (
    find_addresses,
    find_districts,
    find_postcodes,
    find_small_areas,
)
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import distinct_of, texts
from splw_eval.data.sheet import Cells, Sheet, letter, wanted_headings
from splw_eval.data.words import listed

# The first that refuses a column ends the search in it; warnings add up.
OF_TEXT: tuple[Detector, ...] = (
    find_emails,
    find_national_numbers,
    find_telephones,
    find_postcodes,
    find_birth_dates,
    find_embedded,
    find_addresses,
    find_staff_names,
    find_names,
    find_hashes,
    find_districts,
    find_small_areas,
)
OF_NUMBERS: tuple[Detector, ...] = (find_birth_dates, find_exact_ages, find_great_ages)
_TELLING = listed("birth_headings") | listed("telephone_headings") | {"age", "ages", "yob"}
_MANY = 10_000
_PLAIN_CODES = re.compile(r"(?:[A-Za-z]{0,3}[-_]?\d{0,7}\n)*+[A-Za-z]{0,3}[-_]?\d{0,7}")
_BORN = "Give an age band (age_band, such as 45-54) in its place where the file is made."


def refuse_identifiers(plan: Plan, sheets: Sequence[Sheet], ledger: Ledger) -> list[Sheet]:
    """Look through every column of every file for what tells who somebody is.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
        All files as they were read, also columns that the plan does not name.
    ledger : Ledger
        Gets an error for each column of identifiers, a warning for what comes near to one
        and for free text; never a value.

    Returns
    -------
    list of Sheet
        The same files without their columns of free text. Headings stay, so that the
        letters of the other columns are still those of the file.
    """
    dates: list[Dated] = []
    kept: list[Sheet] = []
    for sheet in sheets:
        _refuse_headings(plan, sheet, ledger)
        of_file = [heading for heading in sheet.cells if heading in sheet.header]
        dropped = {h for h in of_file if _dropped(plan, sheet, h, dates, ledger)}
        kept.append(_without(sheet, dropped) if dropped else sheet)
    for found in births_among(plan, dates):
        ledger.add(
            Severity.ERROR,
            "SW94",
            "dates that lie a life before the study, as dates of birth do",
            _BORN,
            file=found.sheet.spec.place,
            column=place_of(plan, found.sheet, found.heading),
            rows=_filled_rows(found.sheet, found.heading),
            of_rows=len(found.sheet),
        )
    return kept


def _dropped(plan: Plan, sheet: Sheet, heading: str, dates: list[Dated], ledger: Ledger) -> bool:
    """Examine one column; whether nobody else may see it."""
    if sheet.cells[heading].dtype.kind == "M":
        _keep_dates(plan, sheet, heading, dates, ledger)
        return False
    cells = _cells_to_read(sheet, heading)
    if cells is None or (cells.dtype == object and _many_plain_codes(sheet, heading)):
        return False
    column = Column(plan, sheet, heading, cells)
    if not column.times:
        return False
    if is_free_text(column):
        _report_free_text(plan, column, ledger)
        return not column.needed  # one that is needed has stopped the run
    before = len(errors_of(ledger.findings))
    for detector in (*(() if column.small_numbers else OF_TEXT), *OF_NUMBERS):
        hit = detector(column)
        if hit:
            _report(plan, column, hit, ledger)
        if hit and hit.severity is Severity.ERROR:
            break
    if len(errors_of(ledger.findings)) == before and not column.small_numbers:
        found = dated(column)
        dates.extend([found] if found else [])
    return False


def _many_plain_codes(sheet: Sheet, heading: str) -> bool:
    """Whether a column holds so many plain codes, and nothing else, that it names nobody.

    A code is at most three letters and seven digits: too short for any national number,
    telephone number, date or LSOA. There are fewer than 3,500 postcode districts, the one
    thing of that shape that says where somebody lives, so more distinct codes are not those.
    """
    if set(heading_words(heading)) & _TELLING or role_of(sheet, heading) == "age_band":
        return False
    values, _ = distinct_of(sheet, heading)
    return len(values) > _MANY and bool(_PLAIN_CODES.fullmatch("\n".join(values)))


def _cells_to_read(sheet: Sheet, heading: str) -> Cells | None:
    """Cells as text; None for numbers that are too small to identify anybody."""
    cells = sheet.cells[heading]
    if cells.dtype == object:
        return cells
    words = set(heading_words(heading))
    if sheet.labels.get(heading) or role_of(sheet, heading) == "age_band" or words & _TELLING:
        return texts(sheet, heading)
    if not len(cells) or not np.fmax.reduce(cells) >= LEAST:
        return None
    return texts(sheet, heading) if may_be_national(cells) or may_be_dialled(cells) else None


def _keep_dates(plan: Plan, sheet: Sheet, heading: str, dates: list[Dated], ledger: Ledger) -> None:
    """Refuse typed dates by heading, or keep their years to compare with the study's."""
    cells = sheet.cells[heading]
    days = cells[~np.isnat(cells)]
    if not len(days):
        return
    hit = find_birth_dates(Column(plan, sheet, heading, np.array(["2000-01-01"], dtype=object)))
    if hit:
        ledger.add(
            hit.severity,
            hit.code,
            hit.problem,
            hit.remedy,
            file=sheet.spec.place,
            column=place_of(plan, sheet, heading),
            rows=_filled_rows(sheet, heading),
            of_rows=len(sheet),
        )
        return
    planned = bool(role_of(sheet, heading)) or heading in named_anywhere(plan)
    years = days.astype("M8[Y]").astype(np.float64) + 1970
    dates.append(Dated(sheet=sheet, heading=heading, planned=planned, years=years))


def _filled_rows(sheet: Sheet, heading: str) -> Cells:
    cells = sheet.cells[heading]
    return sheet.rows[~np.isnat(cells) if cells.dtype.kind == "M" else cells != ""]


def _report(plan: Plan, column: Column, hit: Hit, ledger: Ledger) -> None:
    ledger.add(
        hit.severity,
        hit.code,
        hit.problem,
        hit.remedy,
        file=column.sheet.spec.place,
        column=place_of(plan, column.sheet, column.heading),
        rows=column.rows(hit.values),
        of_rows=len(column.sheet),
    )


def _report_free_text(plan: Plan, column: Column, ledger: Ledger) -> None:
    told = (
        (
            Severity.ERROR,
            "SW104",
            "free text, in a column that the plan or the codebook uses,",
            "Put words from a short list in its place, or name another column in study.toml.",
        )
        if column.needed
        else (
            Severity.WARNING,
            "SW103",
            "free text; the column was left out and nothing else has read it",
            "Take it out of the file where it is made: notes tell who somebody is.",
        )
    )
    severity, code, problem, remedy = told
    ledger.add(
        severity,
        code,
        problem,
        remedy,
        file=column.sheet.spec.place,
        column=place_of(plan, column.sheet, column.heading),
        rows=column.rows(frozenset(column.times)),
        of_rows=len(column.sheet),
    )


def _without(sheet: Sheet, dropped: set[str]) -> Sheet:
    return replace(
        sheet,
        cells={h: c for h, c in sheet.cells.items() if h not in dropped},
        labels={h: c for h, c in sheet.labels.items() if h not in dropped},
        reasons={h: c for h, c in sheet.reasons.items() if h not in dropped},
    )


def place_of(plan: Plan, sheet: Sheet, heading: str) -> str:
    """Letter and heading of a column; the letter alone where row 1 may hold data."""
    place = sheet.place(heading)
    if role_of(sheet, heading) or heading in named_anywhere(plan):
        return place
    return place.partition(" ")[0] if _first_row_may_be_data(sheet) else place


def _first_row_may_be_data(sheet: Sheet) -> bool:
    known = set(codebook().get(sheet.spec.table, {}))
    unknown = [h for h in sheet.header if not role_of(sheet, h) and h not in known]
    if len(unknown) == len(sheet.header):
        return True
    return not all(map(may_be_said, unknown))


def _refuse_headings(plan: Plan, sheet: Sheet, ledger: Ledger) -> None:
    """Refuse headings that tell who somebody is, as in a table turned on its side."""
    named = {*wanted_headings(sheet.spec), *named_anywhere(plan)}
    letters = [
        letter(i)
        for i, heading in enumerate(sheet.header)
        if heading not in named and holds_identifier(heading)
    ]
    if letters:
        ledger.add(
            Severity.ERROR,
            "SW130",
            "the heading is an identifier, or the name of a person",
            "Have the file made again, with headings in row 1 and a row for each person.",
            file=sheet.spec.place,
            column=", ".join(letters),
        )
