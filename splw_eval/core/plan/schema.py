"""The JSON Schema of study.toml, published beside the package's code."""

from __future__ import annotations

import json
from importlib.resources import files

from splw_eval.core.plan.plan import Plan


def schema_text() -> str:
    """JSON Schema of the plan as it stands in ``study.schema.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def published_schema() -> str:
    """Return the schema that ships with the package."""
    return files("splw_eval.core.plan").joinpath("study.schema.json").read_text(encoding="utf-8")
