"""A folder that holds anything but an untouched report is refused, and stays as it was."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.core.result import Provenance
from splw_eval.report import check_folder, write_report
from splw_eval.report.manifest import MANIFEST, manifest
from splw_eval.report.publish import publish
from tests.reports import given

NOTHING = Provenance(versions={}, seed=1, plan_sha256="", file_digests={})


def report(text: str) -> dict[str, bytes]:
    files = {"report.html": text.encode(), "tables/flow.csv": b"n\n"}
    return {**files, MANIFEST: manifest(files, NOTHING)}


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "report"
    publish(folder, report("old"))
    return folder


def refused(out, *words: str) -> None:
    with pytest.raises(OutputError) as error:
        publish(out, report("new"))
    assert error.value.remedy
    for word in words:
        assert word in str(error.value)


def test_an_earlier_report_is_replaced_whole(out):
    publish(out, {k: v for k, v in report("new").items() if not k.startswith("tables")})
    assert (out / "report.html").read_text() == "new"
    assert not (out / "tables").exists()


def test_missing_parents_are_made_and_the_usual_permissions_hold(tmp_path):
    out = tmp_path / "a" / "b" / "report"
    publish(out, report("new"))
    assert (out / "report.html").read_text() == "new"
    plain = tmp_path / "plain"
    plain.mkdir()
    assert out.stat().st_mode == plain.stat().st_mode


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "report").mkdir()
    publish(tmp_path / "report", report("new"))


def test_a_link_to_a_folder_stays_a_link(out, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(out, target_is_directory=True)
    publish(link, report("new"))
    assert link.is_symlink()
    assert (out / "report.html").read_text() == "new"


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "study.toml").write_text("mine")
    refused(tmp_path, "1 file or folder that is", "Choose another folder, or move it")
    assert (tmp_path / "study.toml").read_text() == "mine"


def test_an_empty_folder_inside_a_folder_is_not_lost_either(tmp_path):
    (tmp_path / "later").mkdir()
    refused(tmp_path, "1 file or folder")


def test_the_root_of_the_disk_is_refused(tmp_path):
    refused(Path(tmp_path.anchor), "would be lost")


def test_a_manifest_of_something_else_does_not_make_it_ours(tmp_path):
    (tmp_path / MANIFEST).write_text('{"schema": "other", "files": {}}')
    refused(tmp_path, "1 file")


def test_a_report_with_a_file_of_somebody_added_is_refused(out):
    (out / "notes.txt").write_text("mine")
    (out / "tables" / "mine.csv").write_text("mine")
    refused(out, "2 files or folders that are")
    assert (out / "report.html").read_text() == "old"


def test_a_report_that_was_edited_is_refused(out):
    (out / "report.html").write_text("edited by hand")
    refused(out, "1 file")
    assert (out / "report.html").read_text() == "edited by hand"


def test_the_files_in_the_way_are_named_five_at_most_in_whole_sentences(tmp_path):
    for number in range(7):
        (tmp_path / f"mine{number}.txt").write_text("mine")
    with pytest.raises(OutputError) as error:
        publish(tmp_path, report("new"))
    said = str(error.value)
    assert (
        "would be lost: mine0.txt, mine1.txt, mine2.txt, mine3.txt, mine4.txt and 2 more." in said
    )
    assert f" Folder: {tmp_path}. Choose another folder" in said


def test_a_name_of_several_lines_stays_on_one(tmp_path):
    (tmp_path / "two\nlines\x1b[2J").write_text("mine")
    refused(tmp_path, "two?lines?[2J")


def test_a_folder_is_refused_before_any_figure_is_drawn(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    plan = given.plan()
    told: list[str] = []
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write_report(
            tmp_path,
            plan=plan,
            results=given.results(plan),
            provenance=given.PROVENANCE,
            progress=told.append,
        )
    assert told == []


@pytest.mark.parametrize("closed", ["report", "report/tables"])
def test_a_read_only_report_is_refused_and_stays_without_litter(out, monkeypatch, closed):
    shut = out.parent / closed
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != shut and allowed(path, mode))
    refused(out, "read-only", "Nothing there was changed.")
    assert (out / "report.html").read_text() == "old"
    assert [path.name for path in out.parent.iterdir()] == ["report"]


def test_a_folder_whose_parent_is_closed_is_refused_at_once(tmp_path, monkeypatch):
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and allowed(path, mode))
    with pytest.raises(OutputError, match="you may not write there"):
        check_folder(tmp_path / "a" / "report")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no mode to take away")
def test_what_a_run_leaves_is_removed_also_where_it_became_read_only(out):
    def close(step: str) -> None:
        if step == "clearing up":
            for folder in out.parent.glob(".report.partial-*"):
                (folder / "tables").chmod(0o500)
                folder.chmod(0o500)

    publish(out, report("new"), close)
    assert [path.name for path in out.parent.iterdir()] == ["report"]


def test_a_file_added_while_the_report_is_written_is_not_lost(out):
    def add(step: str) -> None:
        if step == "putting the folder in place":
            (out / "notes.txt").write_text("mine")

    with pytest.raises(OutputError, match="1 file"):
        publish(out, report("new"), add)
    assert (out / "notes.txt").read_text() == "mine"


def test_what_a_file_manager_leaves_is_nobodys(out):
    (out / ".DS_Store").write_text("")
    publish(out, report("new"))


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "report").write_text("mine")
    refused(tmp_path / "report", "this is a file")
    assert (tmp_path / "report").read_text() == "mine"


def test_a_parent_that_is_a_file_is_said_without_a_traceback(tmp_path):
    (tmp_path / "parent").write_text("mine")
    refused(tmp_path / "parent" / "report", "cannot be written")


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "you may not write")]
)
def test_a_full_or_closed_disk_is_said_and_the_old_report_stands(out, monkeypatch, code, words):
    def fail(_: int) -> None:
        raise OSError(code, "")

    monkeypatch.setattr(os, "fsync", fail)
    refused(out, words)
    assert (out / "report.html").read_text() == "old"
    assert [path.name for path in out.parent.iterdir()] == ["report"]
