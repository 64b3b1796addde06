"""What a report was made with, and how to make it again."""

from __future__ import annotations

from splw_eval.core.result import Provenance
from splw_eval.report.blocks import Item, ListBlock, Section
from splw_eval.report.pages.titles import pairs

FORMS = "html,pdf,docx,xlsx"
AGAIN = (
    "Keep the plan (study.toml) and the files it names in one folder.",
    "Install the version of splw-eval given above, with the packages beside it.",
    f"Run: splw-eval report study.toml --out REPORT --format {FORMS} --for evaluator. Leave out "
    "the forms that you do not need; --for also takes commissioner and public.",
    "Compare manifest.json of both folders, which has a digest of every file: the same plan, "
    "files and versions give the same digests.",
)
ONE_RUN = (
    "The three readers' reports are made from the same masked results, so no number of one can "
    "differ from that of another."
)


def sections(provenance: Provenance) -> tuple[Section, ...]:
    """Return versions, seed and digests, and the steps to make the same report.

    Parameters
    ----------
    provenance : Provenance

    Returns
    -------
    tuple of Section
    """
    return (_made_with(provenance), _again())


def _made_with(provenance: Provenance) -> Section:
    versions = pairs(
        "versions-table",
        "Software",
        sorted(provenance.versions.items()),
        headings=("Package", "Version"),
    )
    digests = pairs(
        "digests-table",
        "Seed, and digests of the plan (SHA-256) and the files (SHA-256, keyed with the plan)",
        (
            ("Seed", str(provenance.seed)),
            ("Plan", provenance.plan_sha256),
            *sorted(provenance.file_digests.items()),
        ),
        headings=("What", "Value"),
    )
    return Section(id="methods-made", title="What it was made with", blocks=(versions, digests))


def _again() -> Section:
    items = tuple(Item(text=words) for words in (*AGAIN, ONE_RUN))
    return Section(
        id="methods-again", title="How to make it again", blocks=(ListBlock(items=items),)
    )
