"""What the files say of each person: arm, practice, link worker, time zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.data.headings import nearest
from splw_eval.data.lacking import report_lacking
from splw_eval.data.ledger import Ledger
from splw_eval.data.lookalikes import DECLARE, parted
from splw_eval.data.parse import dates, named
from splw_eval.data.sheet import Sheet, Told, report_cells, report_headings_twice

Codes = NDArray[np.int64]
_FILL_DATE = (
    "Fill the dates: without one, no day or window can be given to such a person's scores, "
    "and the person counts as due for every wave."
)
_NONE = np.iinfo(np.int64).min  # also how NumPy writes "not a time" as a whole number

_TWO_ARMS = (Severity.ERROR, "SW11", "a second arm for a person", "A person has one arm.")
_TWO_PRACTICES = (
    Severity.WARNING,
    "SW24",
    "a second practice for a person",
    "Each person is analysed in the practice that comes first.",
)
_TWO_WORKERS = (
    Severity.WARNING,
    "SW27",
    "a second link worker for a person",
    "Intervals count each person under the first.",
)
_TWO_DATES = (
    Severity.ERROR,
    "SW26",
    "a second date of time zero for a person",
    "A person has one: correct it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The files, with everybody's position.

    Attributes
    ----------
    sheets : sequence of Sheet
    index : mapping of str to int
        Position of each pseudonym.
    ledger : Ledger
    """

    sheets: Sequence[Sheet]
    index: Mapping[str, int]
    ledger: Ledger

    def holding(self, role: str) -> list[tuple[Sheet, str]]:
        """Files with a column for an attribute, the people file first."""
        held = [(sheet, sheet.heading(role)) for sheet in self.sheets]
        present = [(sheet, heading) for sheet, heading in held if heading]
        return sorted(present, key=lambda pair: pair[0].spec.table != "people")

    def first(
        self,
        holding: Sequence[tuple[Sheet, str]],
        code: Callable[[Sheet, str], Codes],
        told: Told,
    ) -> Codes:
        """First value of each person; a later one that differs is reported."""
        value = np.full(len(self.index), _NONE, dtype=np.int64)
        for sheet, heading in holding:
            person, said = person_index(sheet, self.index), code(sheet, heading)
            usable = (person >= 0) & (said != _NONE)
            first = np.full(len(value), _NONE, dtype=np.int64)
            first[person[usable][::-1]] = said[usable][::-1]  # written last, so the first stays
            value = np.where(value == _NONE, first, value)
            other = np.zeros(len(sheet), dtype=bool)
            other[usable] = value[person[usable]] != said[usable]
            if other.any():
                self.report(told, sheet, heading, other)
        return value

    def report(self, told: Told, sheet: Sheet, heading: str, rows: NDArray[np.bool_]) -> None:
        """Write down rows of one column."""
        report_cells(sheet, heading, rows, told, self.ledger)


def person_index(sheet: Sheet, index: Mapping[str, int]) -> Codes:
    """Position of each row's person; -1 where the row has none or an unknown one."""
    if _place_of(index) not in sheet.named:
        keep_person_index(sheet, index, named(sheet, sheet.person).looked_up(index))
    found: Codes = sheet.named[_place_of(index)]
    return found


def keep_person_index(sheet: Sheet, index: Mapping[str, int], positions: Codes) -> None:
    """Keep the position of each row's person: one index a study, looked up once a file."""
    sheet.named[_place_of(index)] = positions


def _place_of(index: Mapping[str, int]) -> str:
    return f"\x00people {id(index)}"


def _coded(known: dict[str, int], *, grow: bool) -> Callable[[Sheet, str], Codes]:
    """Give the reading of a column of names as codes; new names are added where `grow`."""

    def code(sheet: Sheet, heading: str) -> Codes:
        column = named(sheet, heading)
        if grow:
            for name in column.held:
                known.setdefault(name, len(known))
        return column.looked_up(known, _NONE)

    return code


def arms(plan: Plan, said: Said) -> Codes:
    """Position of each person's arm in ``plan.groups``; -1 where it is not known."""
    if not plan.arms:
        return np.zeros(len(said.index), dtype=np.int64)
    known = {arm.value: code for code, arm in enumerate(plan.arms)}
    listed = ", ".join(known)
    problem = "an arm that [[arms]] does not list"
    holding = said.holding("arm")
    for sheet, heading in holding:
        column = named(sheet, heading)
        wrong = (column.looked_up(known) < 0) & (column.codes >= 0)
        for rows, missing in parted(wrong, column.cells[wrong]):
            remedy = f"{DECLARE} Listed: {listed}." if missing else f"Listed: {listed}."
            said.report((Severity.ERROR, "SW10", problem, remedy), sheet, heading, rows)
    arm = said.first(holding, _coded(known, grow=False), _TWO_ARMS)
    if not any(f.code == "SW10" for f in said.ledger.findings):  # one cause, one finding
        _report_without(arm, "arm that the plan knows", "SW10", said, holding)
    return np.where(arm == _NONE, -1, arm)


def clusters(said: Said) -> Codes | None:
    """Code of each person's practice; None where no file holds it."""
    holding = said.holding("cluster")
    if not holding:
        return None
    codes = said.first(holding, _coded({}, grow=True), _TWO_PRACTICES)
    _report_without(codes, "practice", "SW17", said, holding)
    return np.where(codes == _NONE, -1, codes)


def link_workers(said: Said) -> Codes | None:
    """Code of each person's first link worker, -1 for none; None where no file holds it."""
    holding = said.holding("link_worker")
    if not holding:
        return None
    codes = said.first(holding, _coded({}, grow=True), _TWO_WORKERS)
    return np.where(codes == _NONE, -1, codes)


def _report_without(
    codes: Codes, what: str, code: str, said: Said, holding: Sequence[tuple[Sheet, str]]
) -> None:
    told = (Severity.ERROR, code, "Fill the column for everybody in the study.")
    without = codes == _NONE
    report_lacking(without, what, holding, said.sheets, said.index, told, said.ledger)


def time_zero(
    plan: Plan, said: Said, episodes: Sequence[Sheet], arm: Codes
) -> NDArray[np.datetime64] | None:
    """Day from which each person's time counts; None where the plan names no column.

    A person may have several episodes: time counts from the first.
    """
    column = {zero.arm: zero.column for zero in plan.time_zero}
    headings = [heading for heading in column.values() if heading]
    if not headings:
        return None
    _report_absent(headings, "[[time_zero]]", said, episodes)
    value = np.full(len(said.index), _NONE, dtype=np.int64)
    for code, name in enumerate([a.value for a in plan.arms] or [None]):
        heading = column.get(name, column.get(None))
        if heading:
            holding = [(sheet, heading) for sheet in said.sheets if heading in sheet.cells]
            found = said.first(holding, _days(said.ledger), _TWO_DATES)
            first = _first_episodes(said, episodes, heading)
            found = np.where(found == _NONE, first, found)
            value = np.where(arm == code, found, value)
            _report_without_date(said, episodes, heading, (arm == code) & (found == _NONE))
    return value.astype("M8[D]")


def _report_without_date(
    said: Said, episodes: Sequence[Sheet], heading: str, without: NDArray[np.bool_]
) -> None:
    of_people = [s for s in episodes if heading in s.cells and s.heading("person")]
    holding = [(s, heading) for s in (*said.sheets, *of_people) if heading in s.cells]
    told = (Severity.WARNING, "SW84", _FILL_DATE)
    what = "date of time zero"
    if holding:  # otherwise the column itself is missing, and that was said
        report_lacking(without, what, holding, said.sheets, said.index, told, said.ledger)


def _first_episodes(said: Said, episodes: Sequence[Sheet], heading: str) -> Codes:
    """Earliest day of each person among their episodes."""
    latest = np.iinfo(np.int64).max
    first = np.full(len(said.index), latest, dtype=np.int64)
    for sheet in (s for s in episodes if heading in s.cells and s.heading("person")):
        person, day = person_index(sheet, said.index), _days(said.ledger)(sheet, heading)
        usable = (person >= 0) & (day != _NONE)
        np.minimum.at(first, person[usable], day[usable])
    return np.where(first == latest, _NONE, first)


def _days(ledger: Ledger) -> Callable[[Sheet, str], Codes]:
    return lambda sheet, heading: dates(sheet, heading, ledger).view(np.int64)


def _report_absent(
    headings: Sequence[str], section: str, said: Said, also: Sequence[Sheet] = ()
) -> None:
    everywhere = [heading for sheet in (*said.sheets, *also) for heading in sheet.cells]
    for heading in dict.fromkeys(headings):
        for sheet in (s for s in said.sheets if s.header.count(heading) > 1):
            report_headings_twice(heading, sheet.spec, said.ledger)
        if heading not in everywhere:
            said.ledger.add(
                Severity.ERROR,
                "SW02",
                f'no file has the column "{heading}" that {section} names'
                f"{nearest(heading, everywhere)}",
                _remedy(heading, (*said.sheets, *also)),
            )


def _remedy(heading: str, sheets: Sequence[Sheet]) -> str:
    """Name the file's own heading, where [files.columns] says which it is."""
    own = {sheet.spec.columns.get(heading) for sheet in sheets} - {None}
    if len(own) == 1:
        return f'Write the heading as the file has it: "{own.pop()}".'
    return "Correct the name in study.toml, or the heading in the file."
