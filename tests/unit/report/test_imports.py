"""The report room starts at once: drawing packages wait until something is drawn."""

from __future__ import annotations

import subprocess
import sys

HEAVY = "matplotlib", "seaborn", "pandas", "jinja2", "scipy", "docx", "xlsxwriter", "typst"


def test_importing_the_room_loads_no_heavy_package():
    code = f"import sys, splw_eval.report; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
