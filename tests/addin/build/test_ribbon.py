"""The ribbon: what Office demands of it, what Microsoft advises, and what ties it to the commands."""

import re
from collections import Counter

import pytest
from lxml import etree

from addin.build.sample import sample_modules
from klantwaarde.messages import LANGUAGES
from klantwaarde_addin.build.ribbon import NAMESPACE, ribbon_xml
from klantwaarde_addin.commands import COMMANDS, GROUP_LABELS

IN_MICROSOFTS_LIST = {  # of the controls of Excel, each with an image of its own name
    "FileNew", "TableInsertExcel", "ErrorChecking", "CalculateNow", "OutlineSubtotals", "PivotTableInsert", "AccountingFormat",
    "WatchWindow", "TracePrecedents", "ViewSideBySide", "Undo", "FileSaveAsPdfOrXps", "PasteValues", "ApplicationOptionsDialog", "Help",
}  # fmt: skip
SEEN_IN_OTHER_ADDINS = {"ControlProperties", "ChartInsert", "DataValidation"}  # not in that list; used as an image by published add-ins
KEYTIP = re.compile(r"[A-Z]{1,3}")


@pytest.fixture(params=LANGUAGES)
def ribbon(request):
    return request.param, etree.fromstring(ribbon_xml(request.param).encode())


def found(root, kind):
    return list(root.iter(f"{{{NAMESPACE}}}{kind}"))


def test_there_is_one_tab_with_the_groups_in_order(ribbon):
    language, root = ribbon
    (tab,) = found(root, "tab")
    assert tab.get("label") == "Klantwaarde"
    assert [group.get("label") for group in found(root, "group")] == [
        labels[LANGUAGES.index(language)] for labels in GROUP_LABELS.values()
    ]


def test_the_buttons_are_the_commands_in_order_each_in_its_group(ribbon):
    _, root = ribbon
    shown = [(group.get("id"), button.get("id")) for group in found(root, "group") for button in group]
    assert shown == [
        (f"group_{group}", command.id) for group in GROUP_LABELS for command in COMMANDS if command.group == group
    ]
    assert len(shown) == len(COMMANDS)


def test_ids_and_icons_are_unique(ribbon):
    _, root = ribbon
    for attribute in ("id", "imageMso"):
        values = [element.get(attribute) for element in root.iter() if element.get(attribute)]
        assert Counter(values).most_common(1)[0][1] == 1


def test_every_button_has_what_a_reader_needs(ribbon):
    language, root = ribbon
    for button, command in zip(
        found(root, "button"), sorted(COMMANDS, key=lambda each: list(GROUP_LABELS).index(each.group)), strict=True
    ):
        assert button.get("label") == button.get("screentip") == command.label(language)
        assert button.get("supertip") == command.tip(language)
        assert button.get("size") in {"large", "normal"}
        assert all(
            0 < len(button.get(name)) <= 1024 for name in ("label", "screentip", "supertip", "imageMso", "onAction")
        )


def test_labels_are_short_and_without_a_full_stop(ribbon):
    _, root = ribbon
    for label in (button.get("label") for button in found(root, "button")):
        assert len(label.split()) <= 4
        assert not label.endswith((".", "…", ":"))


def test_keytips_are_unique_short_and_clear_of_those_that_office_keeps(ribbon):
    _, root = ribbon
    tips = [button.get("keytip") for button in found(root, "button")]
    assert len(set(tips)) == len(tips)
    for tip in (*tips, found(root, "tab")[0].get("keytip")):
        assert KEYTIP.fullmatch(tip)
        assert tip[0] not in "JYZ"


def test_no_keytip_is_the_start_of_another(ribbon):
    _, root = ribbon
    tips = [button.get("keytip") for button in found(root, "button")]
    assert not [(one, other) for one in tips for other in tips if one != other and other.startswith(one)]


def test_every_icon_is_known(ribbon):
    _, root = ribbon
    assert {button.get("imageMso") for button in found(root, "button")} <= IN_MICROSOFTS_LIST | SEEN_IN_OTHER_ADDINS


def test_both_languages_differ_in_words_only():
    dutch, english = (etree.fromstring(ribbon_xml(language).encode()) for language in LANGUAGES)
    for one, other in zip(dutch.iter(), english.iter(), strict=True):
        for name in ("id", "keytip", "imageMso", "size", "onAction"):
            assert one.get(name) == other.get(name)


def test_every_callback_is_a_procedure_that_takes_a_control(ribbon):
    _, root = ribbon
    source = "\n".join(module.source for module in sample_modules().values() if module.kind == "standard")
    procedures = set(re.findall(r"^Public Sub (\w+)\(control As IRibbonControl\)$", source, re.MULTILINE))
    assert {element.get("onAction") for element in root.iter() if element.get("onAction")} == procedures
