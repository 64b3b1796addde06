"""Page one: the answer, how sure it is, who is missing."""

from __future__ import annotations

from splw_eval.core.plan import EVERYONE, Outcome, language_of
from splw_eval.core.rows import FEW_DF, ChangeRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Item,
    KeyFigure,
    KeyFigures,
    ListBlock,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.contrast_sentences import primary
from splw_eval.report.evidence import Entry, Evidence, at_answer
from splw_eval.report.importance import mid_meaning
from splw_eval.report.numbers import MASKED, in_100, number, whole
from splw_eval.report.pages.answer_contrast import (
    contrast_at,
    how_sure,
    key_figures,
    not_compared,
)
from splw_eval.report.pages.answer_shares import shares
from splw_eval.report.pages.records import headline
from splw_eval.report.pages.setting import count, setting
from splw_eval.report.sentences import TOO_FEW

ONE_PRACTICE = "SW86"
# Findings after which a score may not mean what its name says.
DOUBTS = {
    "SW71": "the version of a questionnaire changes between the waves of some people",
    "SW72": "some scores look raw and others metric, or all of them other than the plan says",
    "SW73": "the scores look like those of another form or another scoring",
}
DOUBTED = (
    "A check of the files casts doubt on what {score} means here: {found}. Until that is settled, "
    "do not rely on its figures."
)
MOST_GROUPS = 3
BY_THE_MID = 3  # shares: better, in between, worse
WITHIN = "{arm}: change within the group"
ALLOWED_FOR = "The changes within groups speak only of those measured, who may differ from others."
NOT_ALLOWED_FOR = (
    "People who were not measured may differ from those who were. The figures above speak only of "
    "those who were measured, and nothing has been done to allow for it."
)
ABOUT_INTERVALS = (
    "Chance alone can move a figure. The 95% interval is the range in which the true mean change "
    "may well lie: of 100 such studies, about 95 would give an interval that holds it."
)


def page(evidence: Evidence, *, brief: bool = False) -> Page:
    """Return page one, in words that a commissioner reads; `brief` where other pages say more."""
    return Page(
        id="answer",
        title="On one page",
        sections=(
            _answer(evidence, brief=brief),
            _how_sure(evidence, brief=brief),
            _who_is_missing(evidence, brief=brief),
        ),
    )


def _answer(evidence: Evidence, *, brief: bool) -> Section:
    outcome, language = evidence.plan.primary, language_of(evidence.plan)
    intro = f"{outcome.label}, {contrast_at(evidence)}. {say.scale(outcome)}"
    within = () if brief and _crowded(evidence) else evidence.plan.groups
    figures = tuple(_key_figure(evidence, arm, brief=brief) for arm in within)
    cautions = (_doubted(evidence), language.caution, language.recruitment)
    caution = tuple(text for text in cautions if text)
    compared, why_not = key_figures(evidence, brief=brief), not_compared(evidence)
    blocks: tuple[Block, ...] = (
        Paragraph(text=intro, lead=True),
        *setting(evidence),
        *((KeyFigures(figures=compared),) if compared else ()),
        *((Paragraph(text=why_not),) if why_not else ()),
        *((KeyFigures(figures=figures),) if figures else ()),
        Callout(title="What this does not show", paragraphs=caution),
    )
    return Section(id="the-answer", title="The answer", blocks=blocks)


def _doubted(evidence: Evidence) -> str:
    """Say where the files cast doubt on what the score itself means; empty where they do not."""
    own = evidence.plan.primary.label
    others = tuple(f"{o.label}: " for o in evidence.outcomes if o.label != own)
    codes = {row.code for row in evidence.findings.rows if not row.problem.startswith(others)}
    found = "; ".join(words for code, words in DOUBTS.items() if code in codes)
    return DOUBTED.format(score=own, found=found) if found else ""


def _key_figure(evidence: Evidence, arm: str, *, brief: bool) -> KeyFigure:
    outcome, wave = evidence.plan.primary, evidence.answer_wave
    label = "People measured both times" if arm == EVERYONE else arm
    if key_figures(evidence):
        label = WITHIN.format(arm=arm)
    found = at_answer(evidence, evidence.change, arm)
    meaning = f"on average at {say.small(wave.title)} than at the start"
    if found is None or found.row.estimate is None:
        hidden = found is not None and "estimate" in found.masked
        figure = "Too few people to show" if hidden else "Not available"
        meaning = f"mean change from the start to {say.small(wave.title)}"
    else:
        meaning += _from_to(found.row, outcome)
        figure = say.change(found.row.estimate, outcome)
        if say.side(found.row.estimate, outcome):
            figure += f" ({say.judged(found.row.estimate, outcome)})"
    # With so many groups and a comparison, one sheet holds no shares; their page has them.
    full = not _crowded(evidence)
    told = shares(evidence, arm)[: BY_THE_MID if brief else None] if full else ()
    details = (_among(evidence, arm), *told)
    return KeyFigure(label=label, figure=figure, meaning=meaning, details=details)


def _crowded(evidence: Evidence) -> bool:
    """Whether there are so many groups, and a comparison, that one sheet cannot hold all."""
    return len(evidence.plan.groups) > MOST_GROUPS and bool(key_figures(evidence))


def _from_to(row: ChangeRow, outcome: Outcome) -> str:
    """Give both means beside their difference."""
    if row.mean_baseline is None or row.mean_wave is None:
        return ""
    start, end = (number(m, outcome.decimals) for m in (row.mean_baseline, row.mean_wave))
    return f": from {start} to {end}"


def _among(evidence: Evidence, arm: str) -> str:
    """Say how many of those expected the change rests on."""
    changed, flow = (
        at_answer(evidence, evidence.change, arm),
        at_answer(evidence, evidence.flow, arm),
    )
    expected = count(flow.row.expected if flow else None, flow, "expected")
    if flow is not None and "expected" in flow.masked:
        return "Too few people were expected to show how many were measured both times."
    if changed is not None and "n" in changed.masked:
        return f"Measured both times: {TOO_FEW}, of {expected} expected."
    n = count(changed.row.n if changed else None, changed, "n")
    return f"Among {n} people measured both times, of {expected} expected."


def _how_sure(evidence: Evidence, *, brief: bool) -> Section:
    plan = evidence.plan
    within = () if brief and _crowded(evidence) else plan.groups
    items = [Item(term=_term(arm), text=_sure(evidence, arm)) for arm in within]
    items += [
        *how_sure(evidence),
        *((Item(text=ABOUT_INTERVALS),) if _any_interval(evidence) else ()),
        Item(text=mid_meaning(evidence, plan.primary)),
        Item(text=say.when_chosen(plan)),
        *_from_memory(evidence),
        *_one_practice(evidence),
    ]
    return Section(id="how-sure", title="How sure", blocks=(ListBlock(items=tuple(items)),))


def _any_interval(evidence: Evidence) -> bool:
    """Whether this page has any interval, of a change or of a comparison, to explain."""
    held = (at_answer(evidence, evidence.change, arm) for arm in evidence.plan.groups)
    return any(e is not None and e.row.conf_low is not None for e in (*held, *primary(evidence)))


def _from_memory(evidence: Evidence) -> tuple[Item, ...]:
    """Say where the whole scoring of the primary outcome was never checked."""
    rows = evidence.of("instruments").rows
    if any(r.outcome == evidence.plan.primary.name and r.status == "recalled" for r in rows):
        words = "How this score is made was written from memory and not checked at its source."
        return (Item(text=words),)
    return ()


def _one_practice(evidence: Evidence) -> tuple[Item, ...]:
    """Say where a group is one practice, so that it and the programme are one thing."""
    found = (row for row in evidence.findings.rows if row.code == ONE_PRACTICE)
    return tuple(Item(text=f"{_sentence(row.problem)} {row.remedy}") for row in found)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _term(arm: str) -> str:
    return "" if arm == EVERYONE else f"{arm}: "


def _sure(evidence: Evidence, arm: str) -> str:
    """Give the interval of one group and how it stands to no change and to the MID."""
    outcome, found = evidence.plan.primary, at_answer(evidence, evidence.change, arm)
    if found is None or found.row.estimate is None:
        hidden = found is not None and "estimate" in found.masked
        return "Too few people to show a mean change." if hidden else "No mean change can be given."
    row = found.row
    if row.conf_low is None or row.conf_high is None:
        return _no_interval(found)
    words = say.interval(row.conf_low, row.conf_high, outcome)
    inside = row.includes_no_change == "yes" and "no change" not in words
    also = ", so there may be no change at all" if inside else ""
    parts = (
        f"The 95% interval{_rests_on(row)} runs {words}{also}.",
        "" if key_figures(evidence) else say.interval_and_mid(row.interval_and_mid),
        _how_far_to_trust(row),
    )
    return " ".join(part for part in parts if part)


def _rests_on(row: ChangeRow) -> str:
    """Say of how many practices or link workers an interval is, as far as it may be told."""
    if row.grouped_by is None or row.clusters == 0:
        return ""
    many = "" if row.clusters is None else f"{whole(row.clusters)} "
    return f", from {many}{row.grouped_by},"


def _how_far_to_trust(row: ChangeRow) -> str:
    """Say what makes an interval doubtful; nothing where nothing is known to."""
    if row.method == "t":
        return (
            "It treats people as independent, as no practice or link worker is known; if people "
            "of one practice are alike, it is too narrow."
        )
    # Not `<`: masking keeps one decimal, and 3.96 is printed as 4.0.
    if row.df is not None and row.df <= FEW_DF:
        units = row.grouped_by or "practices or link workers"
        return (
            f"Be careful with it: so few {units}, or {units} of such unequal size, can put it far "
            "from the truth."
        )
    return ""


def _no_interval(found: Entry[ChangeRow]) -> str:
    if "conf_low" in found.masked:
        return "The 95% interval is not shown: too few people."
    why = (found.row.method or "").removeprefix("none: ")
    why = why.replace("the clusters' means", "the means of practices or link workers")
    why = why.replace("clusters", "practices or link workers")
    reason = f" ({why})" if why else ""
    return (
        f"No 95% interval can be given for this group{reason}, so nothing here says how far "
        "chance alone could move the figure, nor how the true change stands to the MID."
    )


def _who_is_missing(evidence: Evidence, *, brief: bool) -> Section:
    wave = say.small(evidence.answer_wave.title)
    items = tuple(
        Item(term=_term(arm), text=_missing(evidence, arm, wave)) for arm in evidence.plan.groups
    )
    blocks: tuple[Block, ...] = (
        ListBlock(items=items),
        Paragraph(text=ALLOWED_FOR if key_figures(evidence) else NOT_ALLOWED_FOR),
    )
    log = "" if brief else headline(evidence)
    if log:
        blocks = (*blocks, Paragraph(text=f"The contact log: {log[:1].lower()}{log[1:]}"))
    rule = evidence.change.disclosure.rule if evidence.change.disclosure else ""
    if rule:
        said = rule.replace(f" ({MASKED})", "")  # no sign stands on this page
        blocks = (*blocks, Paragraph(text=f"Numbers of people: {said}"))
    return Section(id="who-is-missing", title="Who is missing", blocks=blocks)


def _missing(evidence: Evidence, arm: str, wave: str) -> str:
    found = at_answer(evidence, evidence.flow, arm)
    if found is None:
        return f"How many people were expected at {wave} is not available."
    if "expected" in found.masked:
        return f"Too few people were expected at {wave} to show any number."
    row = found.row
    expected = count(row.expected, found, "expected")
    measured = count(row.measured, found, "measured", few="too few to show")
    missing = count(row.missing, found, "missing", few="too few to show")
    due_later = row.not_yet_due or "not_yet_due" in found.masked
    late = count(row.not_yet_due, found, "not_yet_due", few="Too few to show")
    later = f" {late} were not due yet." if due_later else ""
    gone = ""
    if row.share_measured is not None and row.missing:
        gone = f" ({in_100(1 - row.share_measured)})"
    return (
        f"Of {expected} people expected at {wave}, {measured} were measured and {missing} were "
        f"not{gone}.{later}"
    )
