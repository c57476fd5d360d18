"""What the README says of buttons, functions, commands and rooms is what there is."""

import re
from pathlib import Path

import klantwaarde_addin.functions  # noqa: F401 - declares every function
from klantwaarde.cli import _parser
from klantwaarde.report.layout import SHEETS
from klantwaarde_addin.commands import COMMANDS, GROUP_LABELS
from klantwaarde_addin.declare import FUNCTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_button_stands_under_its_group():
    for group, (_, label) in GROUP_LABELS.items():
        row = next(line for line in README.splitlines() if line.startswith(f"| {label} |"))
        shown = [part.strip() for part in re.sub(r"\([^)]*\)", "", row.split("|")[2]).split("·")]
        assert shown == [command.en for command in COMMANDS if command.group == group]


def test_the_number_of_functions_is_right_and_every_one_named_exists():
    assert f"**{len(FUNCTIONS)} functions**" in README
    assert set(re.findall(r"KW_([A-Z_]+)\(", README)) <= {name.upper() for name in FUNCTIONS}


def test_every_result_sheet_is_told_of():
    told = README[README.index("## What you get") : README.index("Rules it keeps")]
    for spec in SHEETS:
        assert spec.nl.removeprefix("Uitkomst") in told, spec.nl


def test_every_command_of_the_command_line_is_told_of():
    commands = next(action.choices for action in _parser()._actions if action.choices and "refresh" in action.choices)
    assert [name for name in commands if f"klantwaarde {name}" not in README] == []


def test_every_room_and_every_link_exists():
    built = README[README.index("## How it is built") : README.index("## Speed")]
    rooms = {name for line in built.splitlines() if line.startswith("| `") for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])}
    places = (ROOT / "src" / "klantwaarde", ROOT / "addin", ROOT / "addin" / "klantwaarde_addin")
    assert [name for name in rooms if not any((place / name).exists() or (place / f"{name}.py").exists() for place in places)] == []
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
