"""The published figures that the engine's own tests use, for the Excel functions as well."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parents[2] / "published"
_CASES: dict[str, dict[str, Any]] = {
    name: case
    for file in ("accounting.toml", "lifetime.toml")
    for name, case in tomllib.loads((_FOLDER / file).read_text(encoding="utf-8")).items()
}


def case(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and expected figures."""
    return _CASES[name]["inputs"], _CASES[name]["expected"]


def near(expected: Any) -> Any:
    """Expected figures to half a cent; rows row by row."""
    if isinstance(expected, list) and isinstance(expected[0], list):
        return [near(row) for row in expected]
    return pytest.approx(expected, abs=0.005)


def column(values: Any) -> list[list[Any]]:
    """Values as Excel hands a column over."""
    return [[value] for value in values]
