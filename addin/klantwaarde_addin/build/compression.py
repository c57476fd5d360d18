"""The compression of VBA sources ([MS-OVBA] 2.4.1): chunks of 4,096 bytes, copied or as tokens that point back.

Deterministic: of equally long earlier matches the nearest is taken, and only the last few places are looked at.
"""

import struct
from collections import defaultdict
from typing import Final

CHUNK: Final = 4096  # bytes of source in one chunk
_SIGNATURE: Final = b"\x01"
_RAW: Final = 0x3000  # header flags of a chunk that is stored as it is
_TOKENS: Final = 0xB000  # and of one that is compressed
_SHORTEST: Final = 3  # a copy of fewer bytes costs more than the bytes
_LOOKED_AT: Final = 64  # earlier places per position


def compressed(source: bytes) -> bytes:
    """The container that VBA expects around a ``dir`` or module stream."""
    chunks = (source[start : start + CHUNK] for start in range(0, len(source), CHUNK))
    return _SIGNATURE + b"".join(map(_chunk, chunks))


def _chunk(source: bytes) -> bytes:
    """One chunk with its header; stored raw, and padded, when tokens would take more room than the bytes."""
    tokens = _tokens(source)
    if len(tokens) > CHUNK:
        return struct.pack("<H", _RAW | (CHUNK - 1)) + source.ljust(CHUNK, b"\0")
    return struct.pack("<H", _TOKENS | (len(tokens) - 1)) + tokens


def _tokens(source: bytes) -> bytes:
    """Groups of eight tokens, each group after a byte that says which of them are copies."""
    result = bytearray()
    seen: defaultdict[bytes, list[int]] = defaultdict(list)
    position = 0
    while position < len(source):
        flags, group = 0, bytearray()
        for bit in range(8):
            if position >= len(source):
                break
            length, offset = _longest_match(source, position, seen[source[position : position + _SHORTEST]])
            if length:
                flags |= 1 << bit
                group += _copy_token(position, length, offset)
            else:
                length = 1
                group.append(source[position])
            for passed in range(position, position + length):
                seen[source[passed : passed + _SHORTEST]].append(passed)
            position += length
        result.append(flags)
        result += group
    return bytes(result)


def _longest_match(source: bytes, position: int, places: list[int]) -> tuple[int, int]:
    """Length and distance of the longest repetition that starts here; 0, 0 when there is none worth a token."""
    most = min(_longest_copy(position), len(source) - position)
    length = offset = 0
    if most < _SHORTEST:
        return 0, 0
    for place in reversed(places[-_LOOKED_AT:]):
        same = _SHORTEST
        while same < most and source[place + same] == source[position + same]:
            same += 1
        if same > length:
            length, offset = same, position - place
        if length == most:
            break
    return length, offset


def _offset_bits(position: int) -> int:
    """How many bits of a token at this position hold the distance ([MS-OVBA] 2.4.1.3.19.1)."""
    return max(4, (position - 1).bit_length())


def _longest_copy(position: int) -> int:
    return (0xFFFF >> _offset_bits(position)) + _SHORTEST


def _copy_token(position: int, length: int, offset: int) -> bytes:
    return struct.pack("<H", (offset - 1) << (16 - _offset_bits(position)) | (length - _SHORTEST))
