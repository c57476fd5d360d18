"""Writes ``vbaProject.bin`` from texts, in the shape that Excel itself compiles on opening ([MS-OVBA] 2.3).

Our own writer, and why: the library ``pyopenvba`` (6.5.0) was tried first and stays as a reader in the tests. Its bytes are
deterministic, but a new project starts from a file that somebody's Office saved: ``dir`` ends with four bytes that the
format does not have, ``_VBA_PROJECT`` keeps that Office's version and 2,544 bytes of room where a writer must put 0xFFFF and
nothing (2.3.4.1), the storages carry that day's time stamps, and project id, cookies and name are that project's. Here
every byte follows from the sources and the format.

No compiled code is written: version 0xFFFF tells Excel to compile from source, as in the add-in that xlwings ships.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from klantwaarde_addin.build.compound_file import compound_file
from klantwaarde_addin.build.compression import compressed

CODE_PAGE: Final = "cp1252"
PROJECT_NAME: Final = "Klantwaarde"
_PROJECT_ID: Final = "{8C1C5B2E-5D0B-4B7E-9F37-6B2A4E0D7C11}"  # ours, drawn once
_REFERENCES: Final = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}
_NO_COOKIE: Final = b"\xff\xff"
_COMPILE_FROM_SOURCE: Final = bytes.fromhex("cc61ffff000000")


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the project.

    Attributes:
        name: As in its ``VB_Name``.
        source: The whole text with its attributes, lines ending in a line feed.
        kind: ``document`` is the code behind the workbook or a sheet.
    """

    name: str
    source: str
    kind: Literal["standard", "class", "document"] = "standard"

    def encoded(self) -> bytes:
        """The text as VBA stores it.

        Raises:
            UnicodeEncodeError: a character that VBA's code page does not have.
        """
        return self.source.replace("\n", "\r\n").encode(CODE_PAGE)

    @property
    def declaration(self) -> str:
        """Its line in the PROJECT stream."""
        match self.kind:
            case "standard":
                return f"Module={self.name}"
            case "class":
                return f"Class={self.name}"
            case "document":
                return f"Document={self.name}/&H00000000"


def vba_project(modules: Sequence[Module]) -> bytes:
    """The bytes of ``vbaProject.bin``: the same for the same modules, always."""
    code = {module.name: compressed(module.encoded()) for module in modules}
    return compound_file({
        "VBA": {"_VBA_PROJECT": _COMPILE_FROM_SOURCE, "dir": compressed(_dir(modules)), **code},
        "PROJECT": _project(modules),
        "PROJECTwm": _names(modules),
    })  # fmt: skip


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _text(number: int, unicode_number: int, text: str = "") -> bytes:
    """A text twice: in the code page and in Unicode."""
    return _record(number, text.encode(CODE_PAGE)) + _record(unicode_number, text.encode("utf-16-le"))


def _number(number: int, value: int) -> bytes:
    return _record(number, struct.pack("<I", value))


def _dir(modules: Sequence[Module]) -> bytes:
    """The ``dir`` stream (2.3.4.2): project, references, modules."""
    english = 0x409
    project = (
        _number(0x01, 3)  # 64-bit Windows; others read it as well
        + _number(0x02, english)
        + _number(0x14, english)
        + _record(0x03, struct.pack("<H", 1252))
        + _record(0x04, PROJECT_NAME.encode(CODE_PAGE))
        + _text(0x05, 0x40)
        + _text(0x06, 0x3D)
        + _number(0x07, 0)
        + _number(0x08, 0)
        + struct.pack("<HIIH", 0x09, 4, 1, 1)  # the size of the version record is fixed at 4, by the format
        + _text(0x0C, 0x3C)
    )
    count = _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, _NO_COOKIE)
    end = struct.pack("<HI", 0x10, 0)
    return (
        project
        + b"".join(_reference(*pair) for pair in _REFERENCES.items())
        + count
        + b"".join(map(_module, modules))
        + end
    )


def _reference(name: str, library: str) -> bytes:
    identifier = library.encode(CODE_PAGE)
    return _text(0x16, 0x3E, name) + _record(0x0D, struct.pack("<I", len(identifier)) + identifier + bytes(6))


def _module(module: Module) -> bytes:
    return (
        _text(0x19, 0x47, module.name)
        + _text(0x1A, 0x32, module.name)  # the name of its stream
        + _text(0x1C, 0x48)
        + _number(0x31, 0)  # the source starts at the beginning of the stream
        + _number(0x1E, 0)
        + _record(0x2C, _NO_COOKIE)
        + _record(0x21 if module.kind == "standard" else 0x22)
        + _record(0x2B)
    )


def _project(modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): what the editor shows; not protected, visible, windows closed."""
    lines = [
        f'ID="{_PROJECT_ID}"',
        *(module.declaration for module in modules),
        f'Name="{PROJECT_NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_sealed(bytes(4))}"',
        f'DPB="{_sealed(bytes(1))}"',
        f'GC="{_sealed(bytes([0xFF]))}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(CODE_PAGE)


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): every module name in the code page and in Unicode."""
    pairs = (module.name.encode(CODE_PAGE) + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    return b"".join(pairs) + b"\0\0"


def _sealed(content: bytes) -> str:
    """The "data encryption" of the PROJECT stream (2.4.3), with a fixed seed: protection state, password, visibility."""
    seed, version = 0x5D, 2
    key = sum(_PROJECT_ID.encode()) & 0xFF
    sealed = [seed, seed ^ version, seed ^ key]
    plain = key
    for byte in (*bytes((seed & 6) // 2), *struct.pack("<I", len(content)), *content):
        sealed.append(byte ^ ((sealed[-2] + plain) & 0xFF))
        plain = byte
    return bytes(sealed).hex().upper()
