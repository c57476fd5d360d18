"""The package: every rule that Excel has for it, nothing of anyone's machine in it, and always the same bytes."""

import getpass
import hashlib
import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from lxml import etree
from pyopenvba.excel import ExcelFile
from python_calamine import CalamineWorkbook, SheetVisibleEnum

import klantwaarde
from addin.build.readers import modules_by_olevba, project_by_pyopenvba, warnings_by_olevba
from klantwaarde.messages import LANGUAGES, label
from klantwaarde_addin.build import build_addin, write_addins
from klantwaarde_addin.build.sources import addin_modules
from klantwaarde_addin.build.xlam import package

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def parts(language):
    with zipfile.ZipFile(io.BytesIO(build_addin(language))) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def xml(parts, name):
    return etree.fromstring(parts[name])


def test_another_process_builds_the_same_bytes(language):
    code = f"import sys; from klantwaarde_addin.build import build_addin; sys.stdout.buffer.write(build_addin({language!r}))"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert done.stdout == build_addin(language)


def test_both_languages_are_written(tmp_path):
    paths = write_addins(tmp_path)
    assert [path.name for path in paths] == ["klantwaarde_nl.xlam", "klantwaarde_en.xlam"]
    assert [path.read_bytes() for path in paths] == [build_addin("nl"), build_addin("en")]


def test_rebuilding_says_the_hashes_to_compare(tmp_path):
    command = [sys.executable, "-m", "klantwaarde_addin.build", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    hashes = {
        name: hashlib.sha256(build_addin(name[-7:-5])).hexdigest()
        for name in ("klantwaarde_nl.xlam", "klantwaarde_en.xlam")
    }
    assert said.splitlines() == [f"{value}  {name}" for name, value in hashes.items()]


def test_every_part_has_a_content_type_and_every_type_a_part(parts):
    types = xml(parts, "[Content_Types].xml")
    overrides = {
        element.get("PartName").lstrip("/"): element.get("ContentType") for element in types if element.get("PartName")
    }
    defaults = {element.get("Extension") for element in types if element.get("Extension")}
    assert overrides.keys() <= parts.keys()
    assert all(
        name in overrides or name.rpartition(".")[2] in defaults for name in parts if name != "[Content_Types].xml"
    )
    assert overrides["xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert overrides["xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"


def test_every_part_is_linked_and_every_link_leads_to_a_part(parts):
    linked = set()
    for name, folder in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl")):
        for link in xml(parts, name):
            assert link.get("TargetMode") is None
            linked.add(str(PurePosixPath(folder) / link.get("Target")))
    assert linked == {name for name in parts if not name.endswith(".rels") and name != "[Content_Types].xml"}


def test_the_ribbon_has_the_relation_of_office_2010_and_later(parts):
    kinds = {link.get("Target"): link.get("Type") for link in xml(parts, "_rels/.rels")}
    assert kinds["customUI/customUI14.xml"] == "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert xml(parts, "customUI/customUI14.xml").tag == "{http://schemas.microsoft.com/office/2009/07/customui}customUI"


def test_code_names_are_those_of_the_document_modules(parts, language):
    names = {
        xml(parts, "xl/workbook.xml").find(f"{MAIN}workbookPr").get("codeName"),
        xml(parts, "xl/worksheets/sheet1.xml").find(f"{MAIN}sheetPr").get("codeName"),
    }
    assert names == {module.name for module in addin_modules(language) if module.kind == "document"}


def test_one_sheet_that_no_reader_has_to_repair(parts, language):
    book = CalamineWorkbook.from_filelike(io.BytesIO(build_addin(language)))
    assert [(sheet.name, sheet.visible) for sheet in book.sheets_metadata] == [
        ("Klantwaarde", SheetVisibleEnum.Visible)
    ]
    said = label("addin_sheet", language, version=klantwaarde.__version__)
    assert book.get_sheet_by_index(0).to_python() == [[said]]


def test_nothing_tells_who_built_it_where_and_when(parts):
    names = xml(parts, "docProps/core.xml")
    assert {etree.QName(element).localname for element in names} == {"title", "creator", "description"}
    here = [str(Path.cwd()), str(Path.home()) + os.sep, tempfile.gettempdir() + os.sep, getpass.getuser() + "@"]
    for name, content in parts.items():
        words = [
            word
            for word in (*here, "absPath", "OneDrive", "Users\\", "lastModifiedBy", "dcterms")
            if word.encode() in content
        ]
        assert words == [], name


def test_times_in_the_package_are_fixed(language):
    with zipfile.ZipFile(io.BytesIO(build_addin(language))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in archive.infolist()} == {0}


def test_olevba_finds_every_module_as_written(language):
    written = {module.name: module.encoded().decode("cp1252") for module in addin_modules(language)}
    assert modules_by_olevba(build_addin(language)) == written


def test_a_scanner_for_malicious_macros_says_no_more_than_the_page_for_reviewers(language):
    texts_only = {"KwTexts", "KwFunctions", "KwWizard"}  # their words of help may be any
    code = [module for module in addin_modules(language) if module.name not in texts_only]
    said = {(kind, word.lower()) for kind, word in warnings_by_olevba(package(code, language))}
    assert said <= {
        ("AutoExec", "workbook_open"), ("AutoExec", "workbook_beforeclose"), ("Suspicious", "createobject"), ("Suspicious", "open"),
        ("Suspicious", "run"), ("Suspicious", "call"), ("Suspicious", "command"), ("Suspicious", "hex strings"), ("Suspicious", "base64 strings"),
    }  # fmt: skip
    assert ("Suspicious", "createobject") in said


def test_pyopenvba_finds_every_module_as_written(parts, language, tmp_path):
    project, contradictions = project_by_pyopenvba(parts["xl/vbaProject.bin"])
    assert contradictions == []
    assert {module.name: module.source.replace("\r\n", "\n") for module in project.modules} == {
        module.name: module.source for module in addin_modules(language)
    }
    addin = write_addins(tmp_path)[LANGUAGES.index(language)]
    with ExcelFile(addin) as opened:
        assert opened.validate() == []
        assert [reference.name for reference in opened.references()] == ["stdole", "Office"]


@pytest.mark.parametrize("page", ["addin_controleren.md", "addin_review.md"])
def test_the_page_for_reviewers_names_every_part_and_module(page, parts, language):
    text = (Path(__file__).parents[3] / "addin" / "help" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`]+)`", text))
    assert parts.keys() <= named
    assert {module.name for module in addin_modules(language)} <= named
    assert len(build_addin(language)) < 100_000
