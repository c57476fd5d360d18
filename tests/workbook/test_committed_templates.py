"""The templates that the repository keeps are what the declarations build."""

from pathlib import Path

import pytest

from klantwaarde.workbook.template import build_template

KEPT = Path(__file__).parents[2] / "workbook_templates"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_kept_template_is_rebuilt_to_the_byte(language: str) -> None:
    assert (KEPT / f"klantwaarde_{language}.xlsx").read_bytes() == build_template(language)
