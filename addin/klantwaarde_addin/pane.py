"""What the task pane and the ribbon of the server show: the commands per group and a few texts, in both languages."""

from dataclasses import dataclass
from typing import Final

from klantwaarde.messages import LANGUAGES, label
from klantwaarde_addin.commands import COMMANDS, GROUP_LABELS, Command, CommandGroup
from klantwaarde_addin.scripts import DESKTOP_ONLY, ONLY_SHEETS

_TEXTS: Final = (
    "hosts_running",
    "hosts_done",
    "hosts_too_many_cells",
    "hosts_settings_sheet",
    "hosts_language",
    "hosts_intro",
    "hosts_desktop_only",
)
_NAMES: Final = {"command": "{command}"}  # stays open: the page fills it in


@dataclass(frozen=True, slots=True)
class PaneGroup:
    """A group of buttons."""

    id: CommandGroup
    nl: str
    en: str
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Pane:
    """The groups and texts; ``sheets`` says which sheets a command wants when that is not all of them."""

    groups: tuple[PaneGroup, ...]
    texts: dict[str, dict[str, str]]
    sheets: dict[str, str]


def _group(group: CommandGroup) -> PaneGroup:
    commands = [command for command in COMMANDS if command.group == group and command.id not in DESKTOP_ONLY]
    return PaneGroup(group, *GROUP_LABELS[group], tuple(commands))


PANE: Final = Pane(
    groups=tuple(_group(group) for group in GROUP_LABELS),
    texts={
        language: {key.removeprefix("hosts_"): label(key, language, **_NAMES) for key in _TEXTS}
        for language in LANGUAGES
    },
    sheets={command: ",".join(names) for command, names in ONLY_SHEETS.items()},
)
