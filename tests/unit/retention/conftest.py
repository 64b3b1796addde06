"""The study that small services are put into."""

from __future__ import annotations

import pytest

from splw_eval.data import Study
from tests.unit.retention.given_service import base_study


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Eight people in two arms and four practices."""
    return base_study(tmp_path_factory.mktemp("service"))
