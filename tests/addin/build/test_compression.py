"""Compression: two independent readers get back what went in, and the examples of the format's own document come out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.build.readers import decompressed_by_olevba, decompressed_by_pyopenvba
from klantwaarde_addin.build.compression import CHUNK, compressed

SIZES = (1, 2, 3, 8, 9, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 50_000)
SOURCE = b"Public Function KW_CLV(margin As Variant, Optional timing As Variant) As Variant\r\n"


def read_back(source: bytes) -> bytes:
    """The source as both readers give it; a last chunk stored raw comes back padded to a whole chunk, by the format."""
    stored = compressed(source)
    first, second = decompressed_by_pyopenvba(stored), decompressed_by_olevba(stored)
    assert first == second
    return first


@pytest.mark.parametrize("size", SIZES)
def test_text_of_every_size_comes_back(size):
    text = (SOURCE * (size // len(SOURCE) + 1))[:size]
    assert read_back(text) == text
    assert size < CHUNK or len(compressed(text)) < size / 8


@pytest.mark.parametrize("size", [1, 100, 3_600, *(n * CHUNK for n in (1, 2, 12))])
def test_random_bytes_come_back(size):
    source = random.Random(size).randbytes(size)
    assert read_back(source) == source


def test_random_bytes_cost_no_more_than_the_format_needs():
    assert len(compressed(random.Random(1).randbytes(2 * CHUNK))) == 1 + 2 * (2 + CHUNK)


def test_nothing_is_an_empty_container():
    assert decompressed_by_pyopenvba(compressed(b"")) == b""


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([b"a", b"ab", b"\r\n", b"Dim x As Long", bytes(40), "é€".encode("cp1252")])),
    st.integers(0, 50),
)
def test_repetitions_come_back(pieces, times):
    source = b"".join(pieces) * times
    source = source[:50_000]
    assert read_back(source or b".") == (source or b".")


@pytest.mark.parametrize(
    ("source", "container"),
    [  # [MS-OVBA] 3.2.1 and 3.2.3
        (b"abcdefghijklmnopqrstuv.", "0119b000616263646566676800696a6b6c6d6e6f70007172737475762e"),
        (b"a" * 73, "0103b002614500"),
    ],
)
def test_the_examples_of_the_format_come_out(source, container):
    assert compressed(source).hex() == container


def test_the_long_example_of_the_format_comes_out_as_short():
    """[MS-OVBA] 3.2.2, which points back further than need be: another container of the same source and size."""
    source = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    container = bytes.fromhex(
        "012fb000236161616263646582660070616768696a013808616b6c00306d6e6f700671027004107273747576107778797a003c"
    )
    assert read_back(source) == decompressed_by_pyopenvba(container) == source
    assert len(compressed(source)) == len(container)
