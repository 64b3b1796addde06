"""The methods page says with what a report was made, and every word to type to make it again."""

from __future__ import annotations

import re

from splw_eval.report.pages import reproducibility
from splw_eval.report.running_text import running_text
from splw_eval.report.write import FORMATS
from tests.reports import given


def text() -> str:
    from splw_eval.report.blocks import Page

    sections = reproducibility.sections(given.PROVENANCE)
    return "\n".join(running_text((Page(id="p", title="", sections=sections),), headings=True))


def test_every_form_and_every_reader_is_named():
    from splw_eval.report.contents import READERS

    said = text()
    match = re.search(r"--format ([\w,]+)", said)
    assert match
    assert match[1].split(",") == list(FORMATS)
    for reader in READERS:
        assert reader in said


def test_seed_versions_and_digests_are_given_and_what_to_compare():
    said = text()
    for word in ("splw-eval", "0.1.0", "20260101", "a" * 64, "b" * 64, "manifest.json"):
        assert word in said
