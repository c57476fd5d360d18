"""The manifest that Excel reads: the rules of its schema that a build on Linux can check."""

import struct
import xml.etree.ElementTree as ET

import pytest

from addin.hosts.process import ServerProcess
from klantwaarde_addin.commands import COMMAND
from klantwaarde_addin.pane import PANE
from klantwaarde_addin.scripts import REMOTE_COMMANDS
from klantwaarde_addin.serve import project_folder

BT = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"


@pytest.fixture(scope="module")
def manifest(server: ServerProcess) -> ET.Element:
    return ET.fromstring(server.client.get("/manifest.xml").text)


def test_every_resource_that_is_named_is_there_once(manifest: ET.Element):
    named = {element.attrib["resid"] for element in manifest.iter() if "resid" in element.attrib}
    resources = manifest.find(f".//{OVERRIDES}Resources")
    assert resources is not None
    there = [element.attrib["id"] for element in resources.iter() if "id" in element.attrib]
    assert sorted(there) == sorted(set(there))
    assert named == set(there)
    assert max(map(len, there)) <= 32


@pytest.mark.parametrize(("kind", "longest"), [("ShortStrings", 125), ("LongStrings", 250)])
def test_texts_fit_and_exist_in_both_languages(manifest: ET.Element, kind: str, longest: int):
    strings = manifest.findall(f".//{BT}{kind}/{BT}String")
    assert len(strings) > len(REMOTE_COMMANDS)
    for string in strings:
        override = string.find(f"{BT}Override")
        texts = [string.attrib["DefaultValue"], *([] if override is None else [override.attrib["Value"]])]
        assert all(0 < len(text) <= longest for text in texts)
        assert override is not None or string.attrib["id"] in {"Functions.Namespace", "Tab.Label"}
        assert override is None or override.attrib["Locale"] == "nl-NL"


def test_every_remote_command_is_a_button_with_its_own_words(manifest: ET.Element):
    strings = {string.attrib["id"]: string for string in manifest.iter(f"{BT}String")}
    names = [element.text for element in manifest.iter(f"{OVERRIDES}FunctionName")]
    assert names == [command.id for group in PANE.groups for command in group.commands]
    for name in names:
        command = COMMAND[str(name)]
        for part, nl, en in (("Label", command.nl, command.en), ("Tip", command.tip_nl, command.tip_en)):
            string = strings[f"{name}.{part}"]
            override = string.find(f"{BT}Override")
            assert override is not None
            assert (override.attrib["Value"], string.attrib["DefaultValue"]) == (nl, en)


def test_functions_stand_in_our_namespace(manifest: ET.Element):
    strings = {string.attrib["id"]: string.attrib["DefaultValue"] for string in manifest.iter(f"{BT}String")}
    assert strings["Functions.Namespace"] == "KW"


def test_every_address_answers_and_every_icon_has_its_size(manifest: ET.Element, server: ServerProcess):
    for kind in ("Url", "Image"):
        for element in manifest.iter(f"{BT}{kind}"):
            if "id" not in element.attrib:
                continue
            address = element.attrib["DefaultValue"]
            answer = server.client.get(address)
            assert answer.status_code == 200, address
            if kind == "Image":
                size = int(element.attrib["id"].rsplit(".", 1)[1])
                assert struct.unpack(">II", answer.content[16:24]) == (size, size)


def test_every_icon_has_its_drawing():
    icons = project_folder() / "static" / "images" / "icons"
    assert {path.stem for path in icons.glob("*.svg")} == {path.stem.rsplit("-", 1)[0] for path in icons.glob("*.png")}
