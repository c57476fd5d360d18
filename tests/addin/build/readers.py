"""The programs of others that read the add-in, each as one plain function."""

import warnings

from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress, parse_vba_project

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools uses old names of its parser library
    from oletools.olevba import VBA_Parser, decompress_stream

__all__ = [
    "decompressed_by_olevba",
    "decompressed_by_pyopenvba",
    "modules_by_olevba",
    "project_by_pyopenvba",
    "warnings_by_olevba",
]

decompressed_by_pyopenvba = decompress


def decompressed_by_olevba(container: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(container)))


def modules_by_olevba(addin: bytes) -> dict[str, str]:
    """The source of every module, by name."""
    parser = VBA_Parser("addin.xlam", data=addin)
    try:
        found = {str(name): code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()
    return {name.rpartition(".")[0]: code for name, code in found.items()}


def warnings_by_olevba(addin: bytes) -> set[tuple[str, str]]:
    """What a scanner for malicious macros says of the file: kind and word."""
    parser = VBA_Parser("addin.xlam", data=addin)
    try:
        return {(kind, word) for kind, word, _ in parser.analyze_macros()}
    finally:
        parser.close()


def project_by_pyopenvba(project: bytes):
    """The parsed project and the reader's list of contradictions in it."""
    container = CFB.from_bytes(project)
    parsed = parse_vba_project(container)
    return parsed, parsed.validate(container)
