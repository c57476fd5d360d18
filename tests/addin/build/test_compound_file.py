"""The compound file: another reader finds every stream, and nothing else in it."""

import io
import random
import struct

import olefile
import pytest

from klantwaarde_addin.build.compound_file import compound_file

CONTENT = random.Random(7)


def opened(root):
    return olefile.OleFileIO(io.BytesIO(compound_file(root)), raise_defects=olefile.DEFECT_INCORRECT)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 4_095, 4_096, 4_097, 70_000, 1_000_000])
def test_a_stream_of_every_size_is_read_back(size):
    content = CONTENT.randbytes(size)
    with opened({"VBA": {"dir": content}, "PROJECT": b"x"}) as file:
        assert file.openstream("VBA/dir").read() == content
        assert file.openstream("PROJECT").read() == b"x"


def test_every_stream_of_many_is_found_whatever_the_order_of_names():
    streams = {
        name: CONTENT.randbytes(len(name) * 300)
        for name in ("b", "Kw", "kwTexts", "KwServer", "ThisWorkbook", "dir", "Z", "_VBA_PROJECT")
    }
    with opened({"VBA": streams}) as file:
        assert {name: file.openstream(f"VBA/{name}").read() for name in streams} == streams
        assert len(file.listdir()) == len(streams)


def test_siblings_are_ordered_by_length_and_then_by_capital():
    with opened({"bb": b"1", "a": b"2", "C": b"3", "AA": b"4"}) as file:
        names = [entry.name for entry in file.direntries if entry and entry.entry_type == olefile.STGTY_STREAM]
    assert names == ["a", "C", "AA", "bb"]


def test_it_tells_nothing_of_the_machine_that_made_it():
    with opened({"VBA": {"dir": b"x"}}) as file:
        assert all(
            (entry.createTime, entry.modifyTime, entry.clsid) == (0, 0, "") for entry in file.direntries if entry
        )


def test_the_header_is_that_of_version_3():
    header = compound_file({"a": b""})[:512]
    assert struct.unpack_from("<5H", header, 24) == (0x3E, 3, 0xFFFE, 9, 6)


def test_more_than_it_can_list_is_refused():
    with pytest.raises(ValueError, match="larger"):
        compound_file({"a": bytes(8_000_000)})
