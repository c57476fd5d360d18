"""The add-in files in the repository are those that the sources build."""

import zipfile
from io import BytesIO

import pytest

from klantwaarde.messages import LANGUAGES
from klantwaarde_addin.build import build_addin
from klantwaarde_addin.machine import SHIPPED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_add_in_is_what_the_sources_build(language):
    committed = (SHIPPED / f"klantwaarde_{language}.xlam").read_bytes()
    assert parts_of(committed) == parts_of(build_addin(language)), "uv run python .ci/rebuild.py"


def parts_of(package: bytes) -> dict[str, bytes]:
    """Contents by name: how they are compressed differs between zlib builds."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
