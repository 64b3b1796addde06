"""No committed file says where packages come from: that is the user's own setting."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "build", "dist", "__pycache__"}

# Written in pieces, so that this file does not find itself.
ADDRESSES = {
    "the public index": r"pypi\." + r"org|python" + r"hosted\.org",
    "a folder of this machine": r"file:" + r"//+(opt|srv|home|root|usr|mnt)\b",
    "an option of pip with an address": r"--(extra-)?index-" + r"url[= ]+['\"]?\w+:",
    "an index": r"\w+:/" + r"/[\w.:@/-]+/simple(/|\b)",
    "an environment variable with an address": r"(PIP|UV)_\w*INDEX\w*=['\"]?\w+:" + "//",
}
# Addresses that can exist nowhere are what tests of the settings are made of.
RESERVED = re.compile(r"\w+:" + r"//(\w+[.])*example(/\w*)*")


def list_files() -> list[Path]:
    """Every file that git tracks or would; without git, every file that no tool made."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
        paths = [ROOT / name for name in found.decode("utf-8").split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in ROOT.rglob("*") if not MADE & set(p.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]


def find_addresses(text: str) -> list[str]:
    """Kinds of address in a text."""
    rest = RESERVED.sub("", text)
    return [kind for kind, pattern in ADDRESSES.items() if re.search(pattern, rest)]


def test_no_file_holds_the_address_of_an_index():
    files = list_files()
    assert ROOT / "pyproject.toml" in files
    found = {
        path.relative_to(ROOT).as_posix(): kinds
        for path in files
        if (kinds := find_addresses(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


def test_no_lock_holds_any_address():
    locks = [path for path in list_files() if path.match("requirements*")]
    assert len(locks) >= 2
    assert [path.name for path in locks if "://" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "pypi." + "org/project/numpy",
        "https://files.python" + "hosted.org/packages/x.whl",
        "find-links = file:" + "///opt/wheels",
        "pip install --index-" + "url https:" + "//mirror.nhs.uk/pip x",
        "pip install --extra-index-" + "url=http:" + "//10.0.0.1/pip x",
        "url = https:" + "//mirror.nhs.uk/repository/simple/",
        "PIP_INDEX_URL=https:" + "//mirror.nhs.uk/pip",
    ],
)
def test_each_kind_of_address_is_seen(text):
    assert find_addresses(text)


@pytest.mark.parametrize(
    "text",
    [
        "numpy==2.4.6 --hash=sha256:aa",
        "https:" + "//www.gnu.org/licenses/",
        "PIP_INDEX_URL is respected",
        "it is a simple/plain text",
    ],
)
def test_other_text_is_let_through(text):
    assert find_addresses(text) == []
