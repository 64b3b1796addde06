"""A folder that holds anything but an untouched report is refused, and stays as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.core.result import Provenance
from splw_eval.report.manifest import MANIFEST, manifest
from splw_eval.report.publish import publish

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
