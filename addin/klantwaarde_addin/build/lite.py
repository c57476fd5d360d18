"""The bundle for xlwings Lite: a ``main.py`` to paste, the list of packages, our own wheel and a page that says how.

Lite runs Python in the task pane of Excel and keeps ``main.py`` in the workbook. It reads our package from an address
that the organisation chooses, because a page in a browser cannot read a file beside the workbook.
"""

import json
import zipfile
from pathlib import Path
from typing import Final

import xlwings

from klantwaarde_addin.commands import Command
from klantwaarde_addin.scripts import ONLY_SHEETS, REMOTE_COMMANDS

PLACE: Final = "https://uw-server.example"  # stands for the organisation's own address until it is filled in
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_GUIDES: Final = {"nl": "LEESMIJ.md", "en": "README.md"}

_HEAD: Final = '''"""Klantwaarde in xlwings Lite: the functions KW.… and a script for every command. Made by klantwaarde_addin.build.lite."""

import xlwings as xw

from klantwaarde_addin.scripts import run, show
from klantwaarde_addin.udfs import *  # noqa: F403 - every function, under its Excel name

LANGUAGE = "{language}"
'''
_SCRIPT: Final = '''

@xw.script(name="{name}"{only})
def {id}(book: xw.Book) -> None:
    """{tip}"""
    show(book, run(book, "{id}", LANGUAGE), quiet=True)
'''


def folder() -> Path:
    """Where the guides are: beside this package in a checkout."""
    return Path(__file__).parents[2] / "lite"


def main_text(language: str) -> str:
    """The ``main.py``: every script written out, since Lite's editor finds scripts by reading the text."""
    scripts = [
        _SCRIPT.format(id=command.id, name=command.label(language), tip=command.tip(language), only=_only(command))
        for command in REMOTE_COMMANDS
    ]
    return _HEAD.format(language=language) + "".join(scripts)


def _only(command: Command) -> str:
    """The argument that names the sheets a script wants, when that is not all of them."""
    return f", include={json.dumps(ONLY_SHEETS[command.id])}" if command.id in ONLY_SHEETS else ""


def requirements_text(wheel: str, place: str = PLACE) -> str:
    """The ``requirements.txt``: xlwings in the version that we know, and our wheel, which names the rest itself."""
    return f"xlwings=={xlwings.__version__}\n{place}/{wheel}\n"


def write_bundle(wheel: Path, target: Path, language: str, place: str = PLACE) -> Path:
    """Write the bundle as a zip file; the same wheel always gives the same bytes.

    Args:
        wheel: The wheel of this package; it must be one without compiled parts.
        target: The folder to write in.
        language: Of the scripts' names, the replies and the guide.
        place: The address under which the organisation puts the wheel.

    Raises:
        ValueError: the wheel does not run in a browser.
    """
    if not wheel.name.endswith("-py3-none-any.whl"):
        raise ValueError(f"{wheel.name} holds compiled parts")
    files = {
        _GUIDES[language]: (folder() / _GUIDES[language]).read_bytes(),
        "main.py": main_text(language).encode(),
        "requirements.txt": requirements_text(wheel.name, place).encode(),
        wheel.name: wheel.read_bytes(),
    }
    target.mkdir(parents=True, exist_ok=True)
    bundle = target / f"klantwaarde_lite_{language}.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return bundle
