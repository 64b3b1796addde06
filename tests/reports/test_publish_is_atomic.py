"""A run killed at any moment leaves the old folder or the new one, whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from splw_eval.core.result import Provenance
from splw_eval.report import publish as publishing
from splw_eval.report.manifest import MANIFEST, foreign_files, manifest
from splw_eval.report.publish import publish

NOTHING = Provenance(versions={}, seed=1, plan_sha256="", file_digests={})
RUNS = 12
STEPS = 7  # told of: five files, the swap, the clearing up
PAUSE = 0.02  # seconds at each step

# Publishes report after report, each with its own number in every file.
CHILD = f"""
import sys, time
from pathlib import Path
from splw_eval.core.result import Provenance
from splw_eval.report.manifest import manifest
from splw_eval.report.publish import publish
nothing = Provenance(versions={{}}, seed=1, plan_sha256="", file_digests={{}})
print("ready", flush=True)
for number in range(1, 1000):
    files = {{f"{{n}}.txt": str(number).encode() for n in range(4)}}
    files["manifest.json"] = manifest(files, nothing)
    publish(Path(sys.argv[1]), files, lambda step: time.sleep({PAUSE}))
"""


def report(number: int) -> dict[str, bytes]:
    files = {f"{n}.txt": str(number).encode() for n in range(4)}
    return {**files, MANIFEST: manifest(files, NOTHING)}


def is_whole(folder) -> bool:
    """Whether every file is there, as one run wrote it."""
    files = sorted(path.name for path in folder.iterdir())
    numbers = {path.read_text() for path in folder.glob("*.txt")}
    expected = ["0.txt", "1.txt", "2.txt", "3.txt", MANIFEST]
    return files == expected and len(numbers) == 1 and foreign_files(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there a second run puts the folder back")
def test_a_process_killed_at_a_random_moment_leaves_one_whole_report(tmp_path):
    out, moment = tmp_path / "report", random.Random(20260101)
    publish(out, report(0))
    for _ in range(RUNS):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(out)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(moment.uniform(0, 2 * STEPS * PAUSE))
        child.kill()
        child.wait()
        child.stdout.close()
        assert is_whole(out)


def test_a_run_that_fails_half_way_leaves_the_old_report_and_no_litter(tmp_path):
    out = tmp_path / "report"
    publish(out, report(1))

    def fail(step: str) -> None:
        if step == "writing 2.txt":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(out, report(2), fail)
    assert (out / "0.txt").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_without_exchange_the_folder_is_renamed_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "exchange", lambda *_: False)
    out = tmp_path / "report"
    for number in (1, 2):
        publish(out, report(number))
    assert is_whole(out)
    assert (out / "0.txt").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_lost_between_two_renames_is_put_back_by_the_next_run(tmp_path):
    out, seen = tmp_path / "report", []
    publish(out, report(1))
    out.rename(tmp_path / ".report.previous")

    def look(_: str) -> None:
        seen.append((out / "0.txt").read_text())

    publish(out, report(2), look)
    assert seen[0] == "1"
    assert (out / "0.txt").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_dead_runs_left_is_removed_after_an_hour_and_not_before(tmp_path, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    gone = tmp_path / f".report.partial-{dead.pid}-0a"
    lives = tmp_path / f".report.partial-{os.getpid()}-0b"
    other = tmp_path / f".other.partial-{dead.pid}-0c"
    for folder in (gone, lives, other):
        folder.mkdir()
    publish(tmp_path / "report", report(1))
    assert gone.exists()
    monkeypatch.setattr(publishing, "STALE_SECONDS", -1)
    publish(tmp_path / "report", report(2))
    assert [folder.exists() for folder in (gone, lives, other)] == [False, True, True]
