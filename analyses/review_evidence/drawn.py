"""Drawings of the page, each with the same in words."""

from __future__ import annotations

from evidence import (
    COMPONENTS,
    DESIGNS,
    QUANTITATIVE,
    STATUSES,
    Study,
    facts,
    followed,
    gaps,
    screened,
    studies,
)

from splw_eval.report.blocks import Figure
from splw_eval.report.figures import drawing
from splw_eval.report.figures.selection import Box, draw_selection
from splw_eval.report.figures.sign_grid import EMPTY, FULL, Look, SignRow, draw_sign_grid

LOOKS = {
    "open": Look("O", drawing.POOR, ink="white"),
    "said": Look("R", "#f6dccb"),
    "partly": Look("P", "white", hatch="////"),
    "none": Look("–", drawing.MIDDLE),
}
SHORT = {
    "qualitative": "Interviews and observation",
    "observational": "Before and after",
    "experimental": "Trials",
    "review": "Reviews",
}


def evidence_map() -> Figure:
    """Studies by what they speak of, their design and their follow-up."""
    components = facts()["components"]
    rows, said = [], []
    for design, name in SHORT.items():
        held = [study for study in studies() if study.design == design]
        rows.append(SignRow(f"{name} ({len(held)})"))
        rows += [_row(study) for study in held]
        counted = ", ".join(
            f"{components[part]['label'].lower()} {sum(part in s.has for s in held)}"
            for part in COMPONENTS
        )
        said.append(f"{DESIGNS[design]}: {len(held)} studies; {counted}")
    months = "; ".join(f"[{s.ref}] {followed(s)} months" for s in studies() if followed(s))
    description = f"{'. '.join(said)}. Follow-up: {months}."
    title = "Ten studies asked people; five counted; one compared practices"
    svg = draw_sign_grid(
        "evidence-map",
        title,
        description,
        [components[part]["label"] for part in COMPONENTS],
        rows,
        label_inches=1.72,
        words_inches=0.34,
        words_title="Months of follow-up",
    )
    return Figure(
        id="evidence-map",
        svg=svg,
        title=title,
        description=description,
        caption="A filled box with “yes”: the study speaks of this part of the support. Months: "
        "how long people were followed up, as the review says, and for [76] as its own paper "
        "does. Numbers in brackets are those of the review's list.",
        table_id="map-table",
    )


def _row(study: Study) -> SignRow:
    label = f"[{study.ref}] {_programme(study)}"
    looks = tuple(FULL if part in study.has else EMPTY for part in COMPONENTS)
    months = followed(study)
    return SignRow(label, looks, "" if months is None else str(months))


def _programme(study: Study) -> str:
    named = {
        "Ways to Wellness": "Ways to Wellness",
        "Deep End Links Worker Programme": "Deep End",
        "several": "Several services",
    }
    if study.design == "experimental":
        return "Deep End trial" if "cluster" in study.detail else "Pilot in Ireland"
    return named.get(study.programme, "One service")


def selection() -> Figure:
    """How the records of the search became the studies."""
    search = facts()["search"]
    streams = (
        (
            Box(
                f"{search['databases']:,} records from databases",
                f"{search['duplicates']} duplicates left out",
            ),
            Box(
                f"{screened(search):,} titles and abstracts read",
                f"{screened(search) - search['databases_full_text']:,} left out",
            ),
            Box(
                f"{search['databases_full_text']} full texts read",
                f"{search['databases_full_text'] - search['databases_included']} left out",
            ),
            Box(f"{search['databases_included']} eligible"),
        ),
        (
            Box(f"{search['grey']} records of grey literature"),
            Box(
                f"{search['grey']} looked at",
                f"{search['grey'] - search['grey_full_text']} left out",
            ),
            Box(
                f"{search['grey_full_text']} full texts read",
                f"{search['grey_full_text'] - search['grey_included']} left out",
            ),
            Box(f"{search['grey_included']} eligible"),
        ),
    )
    update = f"The update of May 2023: {search['update']} records, none of them added"
    included = f"{search['included']} studies included"
    description = ". ".join(
        "; then ".join(" - ".join(p for p in (box.words, box.left_out) if p) for box in stream)
        for stream in streams
    )
    title = f"From {search['databases'] + search['grey']:,} records to {search['included']} studies"
    description = f"{description}. {included}. {update}."
    svg = draw_selection("selection", title, description, streams, included)
    return Figure(
        id="selection",
        svg=svg,
        title=title,
        description=description,
        caption=f"{update}. {search['note']}.",
        table_id="selection-table",
    )


def gap_map() -> Figure:
    """Which gap each quantitative study leaves open."""
    names = facts()["gaps"]
    held = {(gap.ref, gap.gap): gap for gap in gaps()}
    rows, said = [], []
    for one in facts()["studies"]:
        found = [held[one["ref"], gap] for gap in names]
        rows.append(SignRow(f"[{one['ref']}]", tuple(LOOKS[gap.status] for gap in found)))
        told = "; ".join(
            f"{status}: {', '.join(g.gap for g in found if g.status == status)}"
            for status in LOOKS
            if any(g.status == status for g in found)
        )
        said.append(f"[{one['ref']}] {one['name']}: {told}")
    key = "; ".join(
        f"{LOOKS[s].letters} {words[:1].lower()}{words[1:]}" for s, words in STATUSES.items()
    )
    title = "No study with numbers closes any of the ten gaps in full"
    description = ". ".join(said) + "."
    svg = draw_sign_grid(
        "gap-map",
        title,
        description,
        [f"{gap} {_short(gap)}" for gap in names],
        rows,
        label_inches=0.5,
    )
    return Figure(
        id="gap-map",
        svg=svg,
        title=title,
        description=description,
        caption=f"{key}.",
        table_id="gaps-table",
    )


def _short(gap: str) -> str:
    return {
        "G1": "Follow-up",
        "G2": "Confounders",
        "G3": "Questionnaires",
        "G4": "Size, power",
        "G5": "Words",
        "G6": "Link workers",
        "G7": "Contacts",
        "G8": "Who came",
        "G9": "Leaving",
        "G10": "Reflexivity",
    }[gap]


def quantitative() -> tuple[Study, ...]:
    """Studies with questionnaires, or trials."""
    return tuple(study for study in studies() if study.design in QUANTITATIVE)
