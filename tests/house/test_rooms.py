"""The house keeps its shape: floors, public names, sizes, and what starts at once."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import splw_eval

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "splw_eval"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 300
ROOMS_WITHOUT_A_QUESTION = {"utils", "helpers", "common", "misc", "base", "manager"}


def test_no_room_imports_from_a_floor_above_it():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_is_short_and_says_what_it_is(module):
    text = module.read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").strip()
    assert first.endswith("."), "a one-line noun phrase opens each file"
    assert "\n" not in first.split("\n\n")[0]
    assert len(text.splitlines()) <= LONGEST_FILE
    assert module.stem not in ROOMS_WITHOUT_A_QUESTION


def test_every_public_name_is_there_typed_and_imported_only_when_used():
    stub = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    typed = set(re.findall(r" as (\w+)$", stub, flags=re.MULTILINE)) | {"__version__"}
    assert typed == set(splw_eval.__all__) == set(dir(splw_eval))
    for name in splw_eval.__all__:
        assert getattr(splw_eval, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        splw_eval.__getattr__("nothing")


def test_the_version_has_one_source():
    declared = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert declared is not None
    assert splw_eval.__version__ == declared[1]
    assert declared[1] not in (PACKAGE / "__init__.py").read_text()


def test_no_module_uses_the_network():
    """Nothing of ours imports a way to another machine."""
    networked = {"socket", "http", "urllib", "requests", "httpx", "ftplib", "smtplib"}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not networked & {name.split(".")[0] for name in names}, module
