"""The documentation is built, run and compared with the code."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.plan import Plan, read_plan
from splw_eval.core.plan.design import Design
from splw_eval.data import load_study
from splw_eval.data.codes import CODES
from splw_eval.describe import describe_flow
from splw_eval.evaluate.last import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_ext" not in path.parts)
EXAMPLE = ROOT / "analyses" / "beat_the_blues"
PLAN_CODES = set(
    re.findall(
        r'"(SP\d\d)"',
        (ROOT / "splw_eval" / "core" / "plan" / "read.py").read_text(encoding="utf-8"),
    )
)

FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?:\{code-block\} *)?(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=ticks)$",
    re.MULTILINE | re.DOTALL,
)
CAPTION = re.compile(r"\A:caption: (.+)\n\n?")


@dataclass(frozen=True)
class Block:
    """One fenced block: with a caption it is the file of that name."""

    language: str
    caption: str
    body: str


def blocks(page: Path) -> list[Block]:
    found = []
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        body = match["body"]
        caption = CAPTION.match(body)
        found.append(Block(match["language"], caption[1] if caption else "", CAPTION.sub("", body)))
    return found


def pages_with(language: str, *, caption: bool | None = None) -> list[Path]:
    return [
        page
        for page in PAGES
        if any(
            block.language == language and caption in (None, bool(block.caption))
            for block in blocks(page)
        )
    ]


def name_of(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


# What a reader does with a page, in order.


def write(folder: Path, block: Block) -> None:
    """Save a captioned block, or change the file by a captioned diff."""
    path = folder / block.caption
    path.parent.mkdir(parents=True, exist_ok=True)
    if block.language != "diff":
        path.write_text(block.body, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    for old, new in re.findall(r"^-(.*\n)\+(.*\n)", block.body, re.MULTILINE):
        assert text.splitlines(keepends=True).count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def run(folder: Path, command: str) -> str:
    """Run one command and return what it said, on both streams."""
    program, *words = shlex.split(command)
    if program == "cp":
        shutil.copy(folder / words[0], folder / words[1])
        return ""
    assert program == "splw-eval", command
    done = subprocess.run(
        [sys.executable, "-m", "splw_eval", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout
    return done.stdout.replace("\\", "/")


def follow(page: Path, folder: Path) -> None:
    """Do what a page says, and find every line of answer that it shows, in order."""
    shutil.copytree(EXAMPLE, folder / "analyses" / "beat_the_blues")
    for block in blocks(page):
        if block.caption:
            write(folder, block)
        elif block.language == "console":
            for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
                command, *shown = part.splitlines()
                compare(command, shown, run(folder, command).splitlines())


def compare(command: str, shown: list[str], said: list[str]) -> None:
    left = iter(said)
    for line in (line for line in shown if line not in ("", "...")):
        start = line.removesuffix(" ...")  # the rest of the line was left out
        found = any(s.startswith(start) if start != line else s == line for s in left)
        assert found, "\n".join([f"$ {command}", f"shown: {line}", "said:", *said])


@pytest.mark.parametrize("page", pages_with("console"), ids=name_of)
def test_the_commands_of_a_page_give_the_answers_that_it_shows(page, tmp_path):
    follow(page, tmp_path)


def test_the_tutorial_ends_with_the_figures_that_it_speaks_of(tmp_path):
    follow(DOCS / "tutorial.md", tmp_path)
    found = json.loads((tmp_path / "btb-report" / "results.json").read_text(encoding="utf-8"))
    last = [row for row in found["results"]["change"]["rows"] if row["wave"] == "month_8"]
    assert [(row["n"], round(row["estimate"], 1)) for row in last] == [(27, -13.1), (25, -10.5)]
    listed = re.findall(r"`([\w/]+\.(?:html|csv|json))`", (DOCS / "reference/files.md").read_text())
    report = tmp_path / "btb-report"
    made = {p.relative_to(report).as_posix() for p in report.rglob("*") if p.is_file()}
    assert made == set(listed)


def test_the_worked_example_of_dates_gives_the_counts_that_it_speaks_of(tmp_path):
    follow(DOCS / "how-to" / "dates.md", tmp_path)
    flow = describe_flow(load_study(tmp_path / "dates.toml")).rows[-1]
    counts = (flow.enrolled, flow.not_yet_due, flow.expected, flow.measured, flow.missing)
    assert (flow.wave, counts) == ("month_6", (5, 1, 4, 2, 2))


@pytest.mark.parametrize("page", pages_with("python"), ids=name_of)
def test_the_python_of_a_page_runs(page, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "analyses" / "beat_the_blues")
    lines = "\n".join(block.body for block in blocks(page) if block.language == "python")
    command = [sys.executable, "-W", "error:::splw_eval", "-c", lines]  # each block after the last
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


# Plans.


@pytest.mark.parametrize("page", pages_with("toml", caption=True), ids=name_of)
def test_every_complete_plan_of_a_page_is_valid(page, tmp_path):
    files = [block for block in blocks(page) if block.caption.endswith(".toml")]
    plans = [block for block in files if not block.caption.startswith("instruments/")]
    for block in plans:
        write(tmp_path, block)
    for name in {block.caption for block in plans}:
        assert read_plan(tmp_path / name).plan.title


def test_there_is_a_complete_plan_for_each_design(tmp_path):
    shown = {}
    for block in blocks(DOCS / "how-to" / "designs.md"):
        write(tmp_path, block)
        shown[Path(block.caption).stem] = read_plan(tmp_path / block.caption).plan.design
    assert shown == {design: design for design in get_args(Design)}


@pytest.mark.parametrize("page", pages_with("toml", caption=False), ids=name_of)
def test_every_part_of_a_plan_is_valid_by_itself(page):
    parts = [block.body for block in blocks(page) if block.language == "toml" and not block.caption]
    for part in parts:
        for key, value in tomllib.loads(part).items():
            annotation: Any = Plan.model_fields[key].annotation
            section: TypeAdapter[Any] = TypeAdapter(annotation)
            section.validate_json(json.dumps(value, default=str))


def test_the_plan_of_the_example_is_valid():
    assert read_plan(EXAMPLE / "study.toml").plan.design == "individual_trial"


# The built pages.


class Links(HTMLParser):
    """What a page has, what it points to, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if "id" in held:
            self.anchors.add(held["id"])
        if tag in {"dd", "div", "dt", "li", "p", "td", "th"}:
            self.words.append(" ")
        if tag == "a" and "href" in held:
            self.links.append(held["href"])
        loads = {"src", "srcset", "poster", "data"} | ({"href"} if tag == "link" else set())
        self.loaded += [held[name] for name in loads & set(held)]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Folder of the built pages; a warning of the builder is a failure."""
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E"]
    place = ["-d", str(folder / "trees"), str(DOCS), str(folder / "html")]
    done = subprocess.run([*command, *place], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return folder / "html"


@pytest.fixture(scope="module")
def site(built) -> dict[str, Links]:
    """What stands on each built page, by its address."""
    pages = {}
    for path in built.rglob("*.html"):
        pages[path.relative_to(built).as_posix()] = parsed = Links()
        parsed.feed(path.read_text(encoding="utf-8"))
    return pages


def text_of(site: dict[str, Links], page: str) -> str:
    return " ".join("".join(site[page].words).split())


def test_every_page_is_built_without_a_warning(site):
    assert {name_of(page).replace(".md", ".html") for page in PAGES} <= set(site)


def test_every_link_inside_the_pages_leads_somewhere(site):
    broken = []
    for page, links in site.items():
        for link in links.links:
            address, _, anchor = link.partition("#")
            if "://" in address or address.startswith("mailto:"):
                continue
            target = resolved(page, address)
            known = target in site and (not anchor or anchor in site[target].anchors)
            broken += [] if known else [(page, link)]
    assert broken == []


def resolved(page: str, address: str) -> str:
    if not address:
        return page
    parts = page.split("/")[:-1]
    for part in address.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_no_page_loads_anything_from_elsewhere(site, built):
    assert [(p, x) for p, links in site.items() for x in links.loaded if "//" in x] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in built.rglob("*.css"))
    assert re.findall(r"""@import|url\(["']?(?:\w+:)?//""", styles) == []


@pytest.mark.parametrize(
    "address", ["index", "tutorial", "reference/plan", "methods/cluster_robust", "how-to/findings"]
)
def test_a_page_fits_a_telephone_and_asks_the_network_for_nothing(
    built, page, requests_made, address
):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((built / f"{address}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [asked for asked in requests_made if not asked.startswith(("file:", "data:"))] == []


def test_no_made_part_was_left_unfilled(site):
    assert [page for page in site if "made:" in text_of(site, page)] == []


def test_every_code_of_a_finding_is_listed_with_what_to_do(site):
    listed = re.findall(r"\bS[PW]\d{2,3}\b", text_of(site, "how-to/findings.html"))
    assert {"SP01", "SP02", "SP03", "SP04"} <= PLAN_CODES
    assert (PLAN_CODES | set(CODES)) <= set(listed)


def test_every_key_of_the_plan_is_listed(site):
    words = text_of(site, "reference/plan.html")
    schema = Plan.model_json_schema()
    sections = [schema, *schema["$defs"].values()]
    keys = {key for section in sections for key in section["properties"]}
    assert [key for key in keys if not re.search(rf"\b{key}\b", words)] == []
    headed = {key for key in Plan.model_fields if f"[{key}]" in words}
    plain = {key for key in Plan.model_fields if f"{key} " in words}
    assert headed | plain == set(Plan.model_fields)


def test_every_column_of_every_table_is_listed_with_its_role(site):
    words = text_of(site, "reference/results.html")
    for _, _, row_type in TABLES:
        for name, column in columns_of(row_type).items():
            assert f"{name} {column.title} {column.role.value}" in words
    assert [role for role in Role if role.value not in words] == []


def test_the_codes_that_stop_a_run_are_told_from_those_that_warn(site):
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "splw_eval" / "data").glob("*.py")
    )
    words = text_of(site, "how-to/findings.html")
    said = {"ERROR": "Yes", "WARNING": "No, a warning", "NOTE": "No, a note"}
    pairs = re.findall(r'Severity\.(\w+),\s*"(SW\d\d)"(?! if)', source)
    assert len(pairs) > 10
    for severity, code in pairs:
        assert f"{code} {CODES[code]} {said[severity]} " in words, code


def test_every_key_of_the_plan_says_in_the_code_what_it_means(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    assert import_module("made").undocumented() == set()


def test_every_command_is_listed(site):
    words = text_of(site, "reference/cli.html")
    for command in ("new FOLDER", "check PLAN", "report PLAN"):
        assert f"splw-eval {command}" in words
    for option in ("--findings", "--out", "--format"):
        assert option in words


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["check", "analyses/beat_the_blues/study.toml"], 0),
        (["check", "nothing.toml"], 1),
        (["check"], 2),
        (["--version"], 0),
    ],
)
def test_the_exit_codes_are_those_of_the_page(words, code):
    command = [sys.executable, "-m", "splw_eval", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == code
    assert f"| {code} |" in (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
