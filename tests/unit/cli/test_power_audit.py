"""The audit of a design on a terminal, and as a record for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from splw_eval.cli.power_audit import run_audit

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"


@pytest.mark.parametrize("columns", [30, 60, 120])
def test_lines_fit_the_terminal(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    run_audit(EXAMPLE, json=False)
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= min(columns, 88)
    words = " ".join(told.split())
    assert words.startswith("Synthetic: the people of this study were made up.")
    assert "Practices, all groups: 15 of 15 planned" in words
    assert "Observed power is not given" in words
    assert "Small numbers:" in words


def test_the_record_is_one_object(capsys):
    run_audit(EXAMPLE, json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["synthetic"] is True
    assert told["observed_power"] is None
    assert {"quantity", "planned", "achieved", "conf_low", "sentence"} <= set(told["rows"][0])


def test_a_plan_that_cannot_be_read_is_told_plainly(tmp_path, capsys):
    with pytest.raises(typer.Exit) as caught:
        run_audit(tmp_path / "study.toml", json=False)
    assert caught.value.exit_code == 1
    assert "is not there" in capsys.readouterr().err
