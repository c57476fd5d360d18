"""The VBA project: conform the format to the byte where the format leaves no freedom, and readable by others."""

import io
import re
import struct

import olefile
import pytest

from addin.build.readers import decompressed_by_pyopenvba, project_by_pyopenvba
from addin.build.sample import sample_modules
from klantwaarde_addin.build.vba_project import Module, vba_project

MODULES = tuple(sample_modules().values())
FIXED_SIZE = 0x09  # the version record: its size field says 4, and 6 bytes follow


def stream(name):
    with olefile.OleFileIO(io.BytesIO(vba_project(MODULES))) as file:
        return file.openstream(name).read()


def records(content):
    """Every (number, content) of a ``dir`` stream, until the bytes are used up."""
    at, found = 0, []
    while at < len(content):
        number, size = struct.unpack_from("<HI", content, at)
        size = 6 if number == FIXED_SIZE else size
        found.append((number, content[at + 6 : at + 6 + size]))
        at += 6 + size
    assert at == len(content)
    return found


def test_the_dir_stream_ends_where_the_format_ends_it():
    found = records(decompressed_by_pyopenvba(stream("VBA/dir")))
    assert found[-1] == (0x10, b"")
    assert [number for number, _ in found].count(0x10) == 1


def test_the_dir_stream_names_every_module_and_says_that_it_starts_with_source():
    found = records(decompressed_by_pyopenvba(stream("VBA/dir")))
    assert [content.decode() for number, content in found if number == 0x19] == [module.name for module in MODULES]
    assert [content.decode("utf-16-le") for number, content in found if number == 0x32] == [
        module.name for module in MODULES
    ]
    assert {content for number, content in found if number == 0x31} == {bytes(4)}
    kinds = [number for number, _ in found if number in (0x21, 0x22)]
    assert kinds == [0x21 if module.kind == "standard" else 0x22 for module in MODULES]


def test_only_the_libraries_that_the_code_needs_are_referred_to():
    found = records(decompressed_by_pyopenvba(stream("VBA/dir")))
    assert [content.decode() for number, content in found if number == 0x16] == ["stdole", "Office"]


def test_no_compiled_code_is_written():
    assert stream("VBA/_VBA_PROJECT") == bytes.fromhex("cc61ffff000000")
    with olefile.OleFileIO(io.BytesIO(vba_project(MODULES))) as file:
        names = {path[-1] for path in file.listdir()}
    assert names == {"dir", "_VBA_PROJECT", "PROJECT", "PROJECTwm"} | {module.name for module in MODULES}


def test_the_project_stream_declares_each_module_once():
    lines = stream("PROJECT").decode("cp1252").split("\r\n")
    for module in MODULES:
        assert lines.count(module.declaration) == 1
        assert lines.count(f"{module.name}=0, 0, 0, 0, C") == 1
    assert lines[-1] == ""
    assert "" not in lines[lines.index("[Workspace]") : -1]
    assert stream("PROJECTwm").endswith(b"KwWizard\0" + "KwWizard".encode("utf-16-le") + bytes(4))


def test_an_independent_reader_finds_an_open_project_without_faults():
    project, contradictions = project_by_pyopenvba(vba_project(MODULES))
    assert contradictions == []
    assert project.name == "Klantwaarde"


def unsealed(project_id, sealed):
    """The content of a CMG, DPB or GC value ([MS-OVBA] 2.4.3.3), after checking its key and length."""
    seed, version, key, *rest = bytes.fromhex(sealed)
    assert (version ^ seed, key ^ seed) == (2, sum(project_id.encode()) & 0xFF)
    previous, before, plain, content = key, version, key ^ seed, []
    for byte in rest:
        plain = byte ^ ((before + plain) & 0xFF)
        previous, before = byte, previous
        content.append(plain)
    content = bytes(content[(seed & 6) // 2 :])
    assert int.from_bytes(content[:4], "little") == len(content) - 4
    return content[4:]


PROTECTION = {"CMG": bytes(4), "DPB": b"\0", "GC": b"\xff"}  # nobody, no password, visible
FROM_EXCEL = (  # a project that Excel saved, unprotected
    'ID="{BDFF0F99-EFC5-4DB0-830D-4C8BFEE87599}"\r\nCMG="DDDF94F5ACD6B0D6B0D6B0D6B0"\r\n'
    'DPB="BAB8F3DCD1DDD1DDD1"\r\nGC="9795DE03663D423E423EBD"\r\n'
)


@pytest.mark.parametrize("project", [FROM_EXCEL, stream("PROJECT").decode("cp1252")], ids=["from Excel", "ours"])
def test_the_project_is_visible_and_protected_by_nobody(project):
    values = dict(re.findall(r'^(\w+)="(.*)"\r$', project, re.MULTILINE))
    assert {name: unsealed(values["ID"], values[name]) for name in PROTECTION} == PROTECTION


def test_a_character_that_vba_does_not_know_is_refused():
    with pytest.raises(UnicodeEncodeError):
        vba_project([Module("KwTexts", "' 1 ≤ 2\n")])


def test_lines_end_as_vba_ends_them():
    assert Module("KwTexts", "' één €\n").encoded() == b"' \xe9\xe9n \x80\r\n"
