"""What a command answers: data that each host shows in its own way (a message box, a task pane, a terminal)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reply:
    """The outcome of one command.

    Attributes:
        text: One or a few sentences in the user's language; empty when the screen says it all.
        kind: ``done`` is shown in the status bar, ``show`` and ``problem`` in a box.
        open_template: A workbook file that the host opens as a new, unsaved book.
        open_page: A help page that the host opens.
    """

    text: str = ""
    kind: Literal["done", "show", "problem"] = "done"
    open_template: Path | None = None
    open_page: Path | None = None
