"""Whether the service reaches people: referred, accepted, met, and how long they waited."""

from __future__ import annotations

from splw_eval.core.delivery_rows import StageRow
from splw_eval.report.blocks import Block, FigureGroup, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import in_100, shown, whole
from splw_eval.report.pages import uptake
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.readers import side_by_side, stayed
from splw_eval.report.readers import wording as say
from splw_eval.report.sentences import TOO_FEW

ACCEPTED, MET = "accepted", "contacted"
# Completed is told with those who stayed, by a stricter count; the others say little here.
LEFT_OUT = ("assessed", "planned", "completed")
STAGES = (
    (ACCEPTED, "were accepted"),
    (MET, "had a first contact with a link worker"),
)
WAITED = "days from referral to first contact"
TABLE = "reach-stages-table"
DRAWN = side_by_side.FEW
NOT_KNOWN = "Whether the service reaches people cannot be told. {why}"


def section(evidence: Evidence) -> Section:
    """Return who was referred, accepted and met, with the stages drawn.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    found = say.rows_of(evidence, "uptake")
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in answers(evidence)),
        *(Paragraph(text=words) for words in waits(evidence)),
    )
    if side_by_side.many(evidence):
        blocks = (side_by_side.table(evidence, stayed.horizon(evidence)),)
    if not found:
        words = NOT_KNOWN.format(why=say.why_not(evidence, "uptake")).strip()
        blocks = (Paragraph(text=words), *blocks)
    return Section(id="reach", title="Is it reaching people?", blocks=blocks)


def answers(evidence: Evidence) -> tuple[str, ...]:
    """Return for each group how many were referred, and of those accepted and met."""
    found = say.rows_of(evidence, "uptake")
    groups = groups_of(evidence)
    return tuple(
        say.start(_answer(group, found, several=len(groups) > 1))
        for group in groups
        if any(e.row.group == group for e in found)
    )


def groups_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the groups that were referred, in the order of the plan."""
    there = {e.row.group for e in say.rows_of(evidence, "uptake")}
    return tuple(group for group in evidence.plan.groups if group in there)


def _answer(group: str, found: tuple[Entry[StageRow], ...], *, several: bool) -> str:
    rows = {e.row.stage: e.row for e in found if e.row.group == group}
    whom = say.of_group(group, several=several)
    referred = next(iter(rows.values())).referred
    if referred is None:
        return f"{whom}{TOO_FEW} were referred."
    parts = [_passed(rows[stage], words) for stage, words in STAGES if stage in rows]
    return f"{whom}of {whole(referred)} people referred, {' and '.join(parts)}."


def _passed(row: StageRow, words: str) -> str:
    """Say how many of all who were referred came so far, or why that is not told."""
    if row.share_passed is not None:
        return f"{say.both_ways(row.share_passed)} {words}"
    why = "not recorded" if row.reason else say.NOT_SHOWN
    return f"how many {words} is {why}"


def waits(evidence: Evidence) -> tuple[str, ...]:
    """Return for each group how long people waited for the first contact."""
    found = [e for e in say.rows_of(evidence, "dose") if e.row.measure == WAITED]
    several = len({e.row.group for e in found}) > 1
    said = []
    for entry in found:
        if entry.row.median is None:
            continue
        low, middle, high = (shown(entry.cell(n)) for n in ("lower", "median", "upper"))
        whom = say.of_group(entry.row.group, several=several)
        said.append(
            say.start(
                f"{whom}median wait from referral to first contact: {middle} days; middle half of "
                f"people {low} to {high} days ({shown(entry.cell('known'))} people)."
            )
        )
    return tuple(said)


def drawn(evidence: Evidence) -> tuple[FigureGroup, ...]:
    """Return the stages of each group as bars, each under what it shows."""
    found, groups = say.rows_of(evidence, "uptake"), groups_of(evidence)
    if not 0 < len(groups) <= DRAWN:
        return ()
    figures = []
    for figure, group in zip(uptake.figures(evidence, LEFT_OUT), groups, strict=True):
        shares = {e.row.stage: e.row.share_passed for e in found if e.row.group == group}
        told = [(stage, shares.get(stage)) for stage in (ACCEPTED, MET)]
        parts = [
            f"{in_100(share)} {'were accepted' if stage == ACCEPTED else 'had a first contact'}"
            for stage, share in told
            if share is not None
        ]
        headline = " and ".join(parts) or "How far people came"
        whom = say.of_group(group, several=len(groups) > 1)
        figures.append(say.headlined(figure, f"{whom}{headline}", TABLE))
    return (FigureGroup(figures=tuple(figures)),)


def tables(evidence: Evidence) -> tuple[ReportTable, ...]:
    """Return the stages as a table."""
    found = tuple(e for e in say.rows_of(evidence, "uptake") if e.row.stage not in LEFT_OUT)
    if not found:
        return ()
    lead = (("Group", lambda row: row.group), ("Stage", lambda row: say.start(row.stage)))
    return (
        listed(
            evidence.of("uptake"),
            found,
            lead if len(groups_of(evidence)) > 1 else lead[1:],
            ("passed", "not_reached", "share_passed"),
            caption="How far people came, of all who were referred",
            anchor=TABLE,
        ),
    )
