"""Settings of the documentation; nothing here, nor on any page, asks the network for anything."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "splw-eval"
author = "The splw-eval authors"
copyright = "the splw-eval authors. GPL-3.0-or-later"
release = version = installed("splw-eval")
language = "en_GB"
smartquotes_action = "D"  # dashes only: quotation marks are copied into plans as they stand

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "made", "mathml"]
exclude_patterns = ["_ext", "_static"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 4
myst_update_mathjax = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings give the types, in words
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "splw-eval"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None  # the same sources give the same pages
