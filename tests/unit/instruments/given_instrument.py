"""Small instruments of nobody's, as TOML and as records."""

from __future__ import annotations

from splw_eval.instruments.reading import read_instrument

THREE_ITEMS = """
name = "{name}"
title = "Three items"
items = 3
codes = [0, 4]
status = "checked"
licence = "None."
access = "open"
sources = ["Nobody 2026"]

{options}

[[scores]]
name = "total"
title = "Total"
range = [0, 12]
direction = "lower_is_better"
missing_rule = "At most one item missing."
missing_status = "checked"
formula = {{ {formula} }}
{rest}
"""
PRORATED = 'how = "sum", fewest = 2, fill = "mean"'


def toml(name="own", formula='how = "sum"', options="", rest=""):
    return THREE_ITEMS.format(name=name, formula=formula, options=options, rest=rest)


def given(folder, name="own", **parts):
    """An instrument, read from its file."""
    path = folder / f"{name}.toml"
    path.write_text(toml(name, **parts), encoding="utf-8")
    return read_instrument(path)


def own_folder(folder, text, name="own"):
    """A plan's folder that holds one instrument of the user's own."""
    (folder / "instruments").mkdir(exist_ok=True)
    (folder / "instruments" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder
