"""A made-up table in the form of the one that the user brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.instruments.keyed import OPTIONS, made_up_table


@pytest.fixture(scope="session", autouse=True)
def dsu_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Path of the table; every test scores the DSU mapping with it."""
    path = made_up_table(tmp_path_factory.mktemp("dsu"))
    OPTIONS["eq5d_5l_dsu_uk"] = {"table": path}
    return path
