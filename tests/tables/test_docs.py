"""The reference page follows the declarations."""

from pathlib import Path

import pytest

from klantwaarde.tables.catalogue import INPUT_TABLES
from klantwaarde.tables.docs import reference_page

PAGES = {"nl": "tabellen.md", "en": "tables.md"}
HELP = Path(__file__).parents[2] / "addin" / "help"


@pytest.mark.parametrize("language", PAGES)
def test_the_committed_page_is_what_the_declarations_say(language):
    assert (HELP / PAGES[language]).read_text(encoding="utf-8") == reference_page(language)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_names_every_column(language):
    page = reference_page(language)
    for table in INPUT_TABLES:
        section = page.split(f"(`{table.id}`)")[1].split("\n## ")[0]
        assert all(f"`{column.id}`" in section for column in table.columns)
