"""The folder of a report: what it holds, and that it repeats."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.core.result import Disclosure
from splw_eval.report import write_report
from tests.reports import given

HOSTILE = ("<script>alert(1)</script>", "$x^$ {n} %s", "=1+1", "'\"--></style><b>")


def contents(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_two_runs_give_the_same_bytes(tmp_path):
    plan = given.plan("controlled_cohort", waves=3)
    runs = []
    for name in ("one", "two"):
        write_report(
            tmp_path / name, plan=plan, results=given.results(plan), provenance=given.PROVENANCE
        )
        runs.append(contents(tmp_path / name))
    assert runs[0] == runs[1]


def test_the_manifest_lists_every_other_file_with_its_digest(written):
    held = contents(written(given.plan()).parent)
    manifest = json.loads(held.pop("manifest.json"))
    assert manifest["files"] == {n: hashlib.sha256(c).hexdigest() for n, c in held.items()}
    assert manifest["seed"] == given.PROVENANCE.seed
    assert manifest["plan_sha256"] == given.PROVENANCE.plan_sha256
    assert set(held) == {
        "report.html",
        "results.json",
        *(f"tables/{key}.csv" for key in given.results(given.plan())),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_plan_are_only_words(text, written):
    arms = [{**arm, "label": f"{text} {arm['value']}"} for arm in given.arms()]
    reason = {"profile": "public_data", "reason": text}
    plan = given.plan(
        "controlled_cohort",
        title=text,
        arms=arms,
        outcomes=[given.outcome(label=text, unit=text)],
        disclosure=reason,
    )
    disclosure = Disclosure(profile="public_data", rule=text, reason=text)
    report = written(plan, given.results(plan, disclosure))
    html = report.read_text("utf-8")
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("</style>") == 1
    flow = (report.parent / "tables" / "flow.csv").read_text("utf-8-sig")
    assert not re.search(r"(^|,)=", flow, re.MULTILINE)


def test_ids_are_unique_and_every_link_inside_the_page_has_its_target(written):
    outcomes = [
        given.outcome(),
        given.outcome("phq9", label="Depression (PHQ-9)", role="secondary", mid=None),
    ]
    plan = given.plan("cluster_trial", outcomes=outcomes, waves=5, arms=given.arms(4))
    html = written(plan).read_text("utf-8")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    labelled = re.findall(r'aria-labelledby="([^"]+)"', html)
    assert {name for names in labelled for name in names.split()} <= set(ids)


def test_progress_is_told_in_words(tmp_path):
    told: list[str] = []
    plan = given.plan()
    write_report(
        tmp_path / "report",
        plan=plan,
        results=given.results(plan),
        provenance=given.PROVENANCE,
        progress=told.append,
    )
    assert told[0] == "describing and drawing the report"
    assert "writing report.html" in told


def test_one_form_may_be_given_by_itself(tmp_path):
    plan = given.plan()
    held: dict[str, Any] = {
        "plan": plan,
        "results": given.results(plan),
        "provenance": given.PROVENANCE,
    }
    page = write_report(tmp_path / "report", **held, formats="xlsx")
    assert page.name == "report.xlsx"
    with pytest.raises(OutputError, match=r"cannot be made as word\. Argument: formats\."):
        write_report(tmp_path / "other", **held, formats="word")
    with pytest.raises(OutputError, match=r"Argument: reader\."):
        write_report(tmp_path / "other", **held, reader="Nobody")
