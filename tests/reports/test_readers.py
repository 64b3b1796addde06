"""The three readers' reports: long enough and no longer, and never more than the design allows."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.core.plan import language_of
from splw_eval.core.result import Result
from splw_eval.evaluate import evaluate_study
from splw_eval.report.blocks import Figure, FigureGroup, Fold, ReportTable
from splw_eval.report.contents import READERS, describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.html import render_html
from splw_eval.report.pdf import render_pdf
from splw_eval.report.readers import compared, money, plain_words
from splw_eval.report.reading_age import measure
from splw_eval.report.running_text import running_text
from splw_eval.report.word import render_docx
from tests.reports import given
from tests.reports.test_in_a_browser import BARRIERS, LONG

ANALYSES = Path(__file__).parents[2] / "analyses"
MOST = {"commissioner": 4, "public": 2}  # sheets of A4
OLDEST = 12  # years
MOST_FIGURES = 6
NOT_CAUSAL = ("pre_post", "controlled_cohort", "cluster_trial_unlike_recruitment")
# Of a study that cannot show it; what a caution warns of is taken out before.
CAUSAL = (
    r"\beffect", r"\bcaus", r"\bimpact", r"\breduc", r"\bimprov", r"led to", r"thanks to",
    r"because of the", r"due to the", r"made a difference", r"\bworks\b",
)  # fmt: skip
EVERYWHERE = (
    "significan", "improved by", "reduced by", "led to", "thanks to", "programme caused",
    "programme improved", "programme reduced", "service caused the change:",
)  # fmt: skip


@pytest.fixture(scope="module", params=["example_programme", "beat_the_blues"])
def evidence(request):
    done = evaluate_study(ANALYSES / request.param / "study.toml")
    return gather(done.plan, done.results, done.provenance)


def made_by_hand(design="pre_post", **changes):
    plan = given.plan(design, **changes)
    return gather(plan, given.modelled(plan), given.PROVENANCE)


def hard():
    """Return four groups with long names, six waves, masked cells and everything delivered."""
    arms = given.arms(4)
    arms[0]["label"], arms[2]["label"] = LONG, "<b>Support</b> by telephone & post"
    for arm in (arms[2], arms[3]):
        arm["role"] = "programme"
    outcomes = [given.outcome(label=f"Mental wellbeing ({LONG})")]
    plan = given.plan("cluster_trial", waves=5, arms=arms, outcomes=outcomes)
    held = given.modelled(plan) | delivered(plan, [a["label"] for a in (arms[0], arms[2], arms[3])])
    last = {"arm": "Usual care", "wave": "w5"}
    held = given.masked(held, "responders", "n_worse", "share_worse", where=last)
    held = given.masked(held, "change", "n", "estimate", "conf_low", "conf_high", where=last)
    held = given.masked(held, "flow", "measured", "missing", "share_measured", where=last)
    return gather(plan, held, given.PROVENANCE)


def delivered(plan, groups) -> dict[str, Result]:
    """Return what the example's service delivered, once for each of some groups."""
    done = evaluate_study(ANALYSES / "example_programme" / "study.toml")
    keys: tuple[str, ...] = (
        "uptake",
        "staying",
        "watched",
        "standing",
        "stay",
        "endings",
        "dose",
        "modes",
    )
    keys += ("continuity", "reach", "reach_known", "referral_rates", "service_use", "audit")
    found = {}
    for key in keys:
        result = done.results[key]
        if not result.rows or not hasattr(result.rows[0], "group"):
            found[key] = result
            continue
        own = [i for i, row in enumerate(result.rows) if row.group == "Link workers"]
        rows: list[Any] = []
        masked: set[tuple[int, str]] = set()
        for group in groups:
            for i in own:
                masked |= {(len(rows), name) for at, name in result.masked if at == i}
                rows.append(replace(result.rows[i], group=group))
        found[key] = replace(result, rows=tuple(rows), masked=frozenset(masked), decimals={})
    return found


def report(evidence, reader):
    return describe_report(evidence, reader)


def text(evidence, reader) -> str:
    return "\n".join(running_text(report(evidence, reader).pages, headings=True))


def blocks(report) -> Iterator[object]:
    for page in report.pages:
        for section in page.sections:
            for block in section.blocks:
                yield block
                yield from block.blocks if isinstance(block, Fold) else ()


def figures(report) -> list[Figure]:
    found: list[Figure] = []
    for block in blocks(report):
        found += block.figures if isinstance(block, FigureGroup) else ()
        found += [block] if isinstance(block, Figure) else []
    return found


def sheets_of_html(page, html, tmp_path) -> int:
    pikepdf = pytest.importorskip("pikepdf")
    (tmp_path / "report.html").write_text(html, "utf-8")
    page.goto((tmp_path / "report.html").as_uri())
    return len(pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def sheets_of_pdf(content: bytes) -> int:
    pikepdf = pytest.importorskip("pikepdf")
    return len(pikepdf.open(io.BytesIO(content)).pages)


def sheets_of_word(content: bytes, tmp_path) -> int:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice, which counts the sheets of a Word file")
    (tmp_path / "report.docx").write_bytes(content)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "report.docx")], check=True, capture_output=True)
    return sheets_of_pdf((tmp_path / "report.pdf").read_bytes())


@pytest.mark.parametrize("reader", MOST)
def test_the_analyses_stay_within_their_sheets_in_every_form(page, evidence, reader, tmp_path):
    found = report(evidence, reader)
    assert sheets_of_html(page, render_html(found), tmp_path) <= MOST[reader]
    assert sheets_of_pdf(render_pdf(found)) <= MOST[reader]
    assert sheets_of_word(render_docx(found), tmp_path) <= MOST[reader]


@pytest.mark.parametrize("reader", MOST)
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_any_number_of_groups_stays_within_its_sheets(page, reader, groups, tmp_path):
    held = made_by_hand() if groups == 1 else made_by_hand("cluster_trial", arms=given.arms(groups))
    found = report(held, reader)
    assert sheets_of_html(page, render_html(found), tmp_path) <= MOST[reader]
    assert sheets_of_pdf(render_pdf(found)) <= MOST[reader]


@pytest.mark.slow
@pytest.mark.parametrize("reader", MOST)
def test_long_names_masked_cells_and_a_full_log_stay_within_their_sheets(page, reader, tmp_path):
    found = report(hard(), reader)
    assert sheets_of_html(page, render_html(found), tmp_path) <= MOST[reader]
    assert sheets_of_pdf(render_pdf(found)) <= MOST[reader]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("reader", MOST)
def test_short_reports_have_no_barrier_and_never_scroll_sideways(
    page, evidence, reader, width, tmp_path
):
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    path.write_text(render_html(report(evidence, reader)), "utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()


def test_the_public_report_of_the_analyses_can_be_read_at_twelve(evidence):
    assert_young(evidence)


@pytest.mark.parametrize("design", given.DESIGNS)
def test_the_public_report_of_every_design_can_be_read_at_twelve(design):
    assert_young(made_by_hand(design))


def assert_young(evidence):
    plan = evidence.plan
    named = (plan.title, plan.estimand.population.rstrip("."), *plan.groups)
    names = (*named, *(o.label for o in plan.outcomes))
    found = measure(running_text(report(evidence, "public").pages), names=names)
    assert found.words > 150
    assert found.years <= OLDEST
    assert found.smog + 5 <= OLDEST


def without_cautions(evidence, reader) -> str:
    language, said = language_of(evidence.plan), text(evidence, reader)
    warned: tuple[str, ...] = (
        language.caution,
        language.recruitment,
        compared.NOBODY,
        money.NO_EFFECT,
    )
    warned += (plain_words.NOT_CAUSE, plain_words.ALONE, "this shows no cause")
    for caution in warned:
        said = said.replace(caution, "") if caution else said
    return re.sub(r"effect: what the programme changed.*", "", said)


@pytest.mark.parametrize("reader", MOST)
@pytest.mark.parametrize("design", NOT_CAUSAL)
def test_no_causal_word_is_said_where_the_design_forbids_it(design, reader):
    said = without_cautions(made_by_hand(design), reader)
    found = [word for word in CAUSAL if re.search(word, said, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("design", given.DESIGNS)
def test_no_reader_is_told_of_significance_or_of_what_the_programme_did(design, reader):
    said = text(made_by_hand(design), reader)
    assert [word for word in EVERYWHERE if word in said.lower()] == []


def test_no_reader_of_the_analyses_is_told_of_significance(evidence):
    for reader in READERS:
        assert "significan" not in text(evidence, reader).lower()


def test_a_fair_trial_may_call_its_difference_an_effect():
    assert "effects larger than" in text(made_by_hand("cluster_trial"), "commissioner")


def test_every_null_result_of_the_analyses_says_what_it_excludes(evidence):
    assert "are not compatible with these data" in text(evidence, "commissioner")
    assert "does not fit what we saw" in text(evidence, "public")


@pytest.mark.parametrize("reader", READERS)
def test_every_link_leads_somewhere_and_every_anchor_stands_once(evidence, reader):
    html = render_html(report(evidence, reader))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("reader", MOST)
def test_every_figure_says_its_finding_and_has_its_numbers_in_a_table(evidence, reader):
    found = report(evidence, reader)
    tables = {b.id for b in blocks(found) if isinstance(b, ReportTable)}
    drawn = figures(found)
    assert 0 < len(drawn) <= MOST_FIGURES
    for figure in drawn:
        assert figure.table_id in tables
        assert f"{figure.title.replace('&', '&amp;')}</title>" in figure.svg
        assert figure.description


def test_commissioners_read_the_answer_first_and_then_who_is_missing(evidence):
    pages = report(evidence, "commissioner").pages
    assert [section.id for section in pages[0].sections] == [
        "the-answer",
        "how-sure",
        "who-is-missing",
    ]
    titles = [section.title for page in pages[1:] for section in page.sections]
    asked = [title for title in titles if title.endswith("?")]
    assert len(asked) >= 6
    assert titles.index("What these data cannot say") > titles.index("Compared with what?")


def test_completing_and_dropping_out_are_never_put_together(evidence):
    for words in running_text(report(evidence, "commissioner").pages):
        assert not re.search(r"\d+ (?:people )?(?:had )?left the service", words)


def test_shares_are_said_in_100_first_for_the_public(evidence):
    said = "\n".join(running_text(report(evidence, "public").pages))
    assert re.search(r"\d+ in 100 \(\d+%\)", said)
    assert not re.search(r"(?<!\()\b\d+%", said)


def test_results_of_other_questions_may_be_absent():
    plan = given.plan("cluster_trial")
    held = given.modelled(plan)
    for key in ("audit", "reach", "providers", "service_use", "cost_per", "prices", "masking"):
        held.pop(key, None)
    found = gather(plan, held, given.PROVENANCE)
    for reader in MOST:
        assert text(found, reader)


def test_a_reader_that_there_is_not_is_refused_with_the_choice():
    with pytest.raises(OutputError, match=r"There is no report for \"minister\""):
        describe_report(made_by_hand(), "minister")
