"""A compound file, version 3 ([MS-CFB]): the container of ``vbaProject.bin``, a small file system of 512-byte sectors.

Only what a VBA project needs is written: storages, streams, no dates, no class ids, at most 109 allocation sectors (7 MB).
Streams below 4,096 bytes share the mini stream in pieces of 64 bytes.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Storage: TypeAlias = Mapping[str, "Storage | bytes"]

_SECTOR: Final = 512
_MINI_SECTOR: Final = 64
_MINI_LIMIT: Final = 4096  # a stream of this size or more has sectors of its own
_ALLOCATION_PER_SECTOR: Final = _SECTOR // 4
_MOST_ALLOCATION_SECTORS: Final = 109  # that the header itself can list

_FREE: Final = 0xFFFFFFFF  # also "no such entry" in the directory
_END: Final = 0xFFFFFFFE
_ALLOCATION: Final = 0xFFFFFFFD

_SIGNATURE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK: Final = 1  # a balanced tree in which every node is black is a valid red-black tree


@dataclass(slots=True)
class _Entry:
    """One directory entry: a storage or a stream, and its place among its siblings."""

    name: str
    kind: int
    content: bytes = b""
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0" if self.name else b""
        links = (self.kind, _BLACK, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(name), *links, self.start, self.size)


@dataclass(slots=True)
class _Chains:
    """Sectors and the allocation table that strings them together."""

    sector_size: int
    table: list[int] = field(default_factory=list)
    content: bytearray = field(default_factory=bytearray)

    def add(self, content: bytes) -> int:
        """Store a stream and return its first sector."""
        if not content:
            return _END
        first, count = len(self.table), -(-len(content) // self.sector_size)
        self.table += [*range(first + 1, first + count), _END]
        self.content += content.ljust(count * self.sector_size, b"\0")
        return first


def compound_file(root: Storage) -> bytes:
    """The bytes of a compound file.

    Args:
        root: Streams (bytes) and storages (mappings) by name, at most 31 characters each.

    Raises:
        ValueError: more than a small compound file can hold.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add_storage(entries, root)
    sectors, mini = _Chains(_SECTOR), _Chains(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.content)
            entry.start = (mini if entry.size < _MINI_LIMIT else sectors).add(entry.content)
    entries[0].size = len(mini.content)
    entries[0].start = sectors.add(bytes(mini.content))
    mini_table = _packed_table(mini.table)
    mini_table_start = sectors.add(mini_table)
    directory_start = sectors.add(_directory(entries))
    return _whole(sectors, directory_start, mini_table_start, len(mini_table) // _SECTOR)


def _add_storage(entries: list[_Entry], storage: Storage) -> int:
    """Add the members of a storage and return the root of the tree they form."""
    names = sorted(storage, key=lambda name: (len(name), name.upper()))  # the order that readers search by
    places = {}
    for name in names:
        member = storage[name]
        places[name] = len(entries)
        entries.append(_Entry(name, _STREAM, member) if isinstance(member, bytes) else _Entry(name, _STORAGE))
    for name in names:
        member = storage[name]
        if not isinstance(member, bytes):
            entries[places[name]].child = _add_storage(entries, member)
    return _tree(entries, [places[name] for name in names])


def _tree(entries: list[_Entry], places: list[int]) -> int:
    """Link sorted siblings as a balanced binary tree."""
    if not places:
        return _FREE
    middle = len(places) // 2
    entry = entries[places[middle]]
    entry.left, entry.right = _tree(entries, places[:middle]), _tree(entries, places[middle + 1 :])
    return places[middle]


def _directory(entries: list[_Entry]) -> bytes:
    """All entries, filled up to a whole sector with unused ones."""
    unused = [_Entry("", 0)] * (-len(entries) % 4)
    return b"".join(entry.packed() for entry in (*entries, *unused))


def _packed_table(table: list[int]) -> bytes:
    filled = table + [_FREE] * (-len(table) % _ALLOCATION_PER_SECTOR)
    return struct.pack(f"<{len(filled)}I", *filled)


def _whole(sectors: _Chains, directory_start: int, mini_table_start: int, mini_table_sectors: int) -> bytes:
    """Header, sectors and, as the last sectors, the allocation table, which lists itself too."""
    count = 1
    while count * _ALLOCATION_PER_SECTOR < len(sectors.table) + count:
        count += 1
    if count > _MOST_ALLOCATION_SECTORS:
        raise ValueError("the project is larger than this writer's compound file")
    first = len(sectors.table)
    table = _packed_table(sectors.table + [_ALLOCATION] * count)
    counts = (0, count, directory_start, 0, _MINI_LIMIT, mini_table_start, mini_table_sectors, _END, 0)
    header = _SIGNATURE + bytes(16) + struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, *counts)
    places = [*range(first, first + count), *[_FREE] * (_MOST_ALLOCATION_SECTORS - count)]
    return header + struct.pack(f"<{_MOST_ALLOCATION_SECTORS}I", *places) + bytes(sectors.content) + table
