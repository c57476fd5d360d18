"""Every VBA module of the add-in: those written by hand in ``addin/vba`` and those that follow from the declarations."""

from pathlib import Path
from typing import Final

import klantwaarde
import klantwaarde_addin.functions  # noqa: F401 - importing it declares the functions
from klantwaarde.messages import label
from klantwaarde_addin.build.vba_code import literal, module_text
from klantwaarde_addin.build.vba_project import Module
from klantwaarde_addin.build.wrappers import functions_module, wizard_module
from klantwaarde_addin.commands import COMMANDS
from klantwaarde_addin.declare import FUNCTIONS

TITLE: Final = "Klantwaarde"
WORKBOOK_MODULE: Final = "ThisWorkbook"
SHEET_MODULE: Final = "KwSheet"

_FOLDER: Final = Path(__file__).parents[2] / "vba"
_DOCUMENTS: Final = (WORKBOOK_MODULE, SHEET_MODULE)
_WRITTEN_BY_HAND: Final = ("KwServer", "KwEngine", "KwAnswer", "KwRibbon", "KwScreen", "KwHelp", "KwMacro")
_TRACE: Final = "trace_number"
_UNDO: Final = "restore_previous"


def addin_modules(language: str) -> tuple[Module, ...]:
    """The modules of the add-in in one language, document modules first."""
    functions = tuple(FUNCTIONS.values())
    return (
        *(Module(name, _written(f"{name}.cls"), "document") for name in _DOCUMENTS),
        *(Module(name, _written(f"{name}.bas")) for name in _WRITTEN_BY_HAND),
        texts_module(language),
        functions_module(functions, language),
        wizard_module(functions, language),
    )


def texts_module(language: str) -> Module:
    """Module ``KwTexts``: the version, the sentences that VBA itself says, and the commands it treats apart."""
    version = klantwaarde.__version__
    undoable = [command.id for command in COMMANDS if command.group == "calculate" or command.id == _UNDO]
    constants = {
        "ADDIN_TITLE": TITLE,
        "ADDIN_VERSION": version,
        "TRACE_COMMAND": _TRACE,
        "UNDO_COMMAND": _UNDO,
        "UNDOABLE_COMMANDS": f"|{'|'.join(undoable)}|",
        "TEXT_NO_ENGINE": label("vba_no_engine", language, reason="{reason}"),
        "TEXT_OTHER_VERSION": label("vba_other_version", language, version=version, found="{found}"),
        "TEXT_STOPPED": label("vba_stopped", language, reason="{reason}"),
        "TEXT_AREAS": label("vba_areas", language, position="{position}"),
        "TEXT_UNDO": label("vba_undo", language),
    }
    note = "Option Private Module\n\n' Generated: what differs per version and language."
    lines = "\n".join(f"Public Const {name} As String = {literal(text)}" for name, text in constants.items())
    return Module("KwTexts", module_text("KwTexts", note, lines))


def _written(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
