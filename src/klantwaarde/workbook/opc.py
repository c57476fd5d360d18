"""A zipped Office package (ECMA-376 part 2) with changes laid over it; what is not changed is copied as raw bytes."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lxml import etree

from klantwaarde.messages import Fault, WriteError

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPES = "[Content_Types].xml"

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)  # what reading a broken part raises

_DEFLATE_LEVEL = 1  # a graft of result rows takes half the time of level 6, the part is 25 % larger
_COPY_BYTES = 1 << 20
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_NO_RELATIONS = f'<Relationships xmlns="{PACKAGE}/relationships"/>'.encode()
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The content of a part that is written as it is made. ``large``: it may pass 2 GB, which needs zip64."""

    pieces: Iterable[bytes]
    large: bool = False


Content = bytes | Pieces


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part. ``target`` is a part name, or the address itself when ``external``."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """Last word of the type, equal in the transitional and the strict namespace: ``worksheet``, ``table`` ..."""
        return self.type.rsplit("/", 1)[-1]


def parse(xml: bytes) -> etree._Element:
    """The root of an XML part; entities are not expanded and nothing is fetched."""
    return etree.fromstring(xml, _PARSER)


def serialise(root: etree._Element) -> bytes:
    """The part as Excel writes it: UTF-8, with the standalone declaration."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def rels_part(part: str) -> str:
    """Where the relationships of a part stand; ``""`` is the package itself."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """The parts of a source package with our changes over it.

    Part names are compared without regard to case, as the standard asks. Nothing is written until :meth:`write`.
    """

    def __init__(self, source: IO[bytes]) -> None:
        """Read the directory of a package.

        Raises:
            WriteError: no zip file, two parts with one name, or an encrypted part (KW-SA-014).
        """
        self._source = source
        try:
            self._zip = zipfile.ZipFile(source)
        except zipfile.BadZipFile as error:
            raise WriteError([Fault("KW-SA-014", found=str(error))]) from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            key = _key(info.filename)
            if key in self._members or info.flag_bits & 0x1:
                raise WriteError([Fault("KW-SA-014", found=info.filename)])
            if not info.is_dir():
                self._members[key] = info
        self._trees: dict[str, tuple[str, etree._Element, bytes]] = {}
        self._new: dict[str, tuple[str, Content]] = {}
        self._dropped: set[str] = set()

    def __contains__(self, part: str) -> bool:
        key = _key(part)
        return key not in self._dropped and (key in self._members or key in self._new or key in self._trees)

    def open(self, part: str) -> IO[bytes]:
        """The unpacked bytes of a part of the source, as a stream.

        Raises:
            WriteError: the part does not exist (KW-SA-014).
        """
        info = self._members.get(_key(part))
        if info is None:
            raise WriteError([Fault("KW-SA-014", found=part)])
        return self._zip.open(info)

    def read(self, part: str) -> bytes:
        """The unpacked bytes of a part of the source.

        Raises:
            WriteError: the part does not exist or is damaged (KW-SA-014).
        """
        try:
            with self.open(part) as stream:
                return stream.read()
        except DAMAGED as error:
            raise WriteError([Fault("KW-SA-014", found=part)]) from error

    def tree(self, part: str) -> etree._Element:
        """The root of an index part, for reading and changing; rewritten only when it really changed.

        Raises:
            WriteError: the part does not exist or is no XML (KW-SA-014).
        """
        key = _key(part)
        if key not in self._trees:
            try:
                root = parse(self.read(part))
            except etree.XMLSyntaxError as error:
                raise WriteError([Fault("KW-SA-014", found=part)]) from error
            self._trees[key] = (part, root, serialise(root))
        return self._trees[key][1]

    def put_tree(self, part: str, root: etree._Element) -> None:
        """Add or replace an XML part that stays open to changes."""
        self._dropped.discard(_key(part))
        self._trees[_key(part)] = (part, root, b"")

    def put(self, part: str, content: Content) -> None:
        """Add or replace a part; pieces are written as they are made."""
        self._dropped.discard(_key(part))
        self._trees.pop(_key(part), None)
        self._new[_key(part)] = (part, content)

    def drop(self, part: str) -> None:
        """Leave a part out, with its relationships and its content type."""
        for name in (part, rels_part(part)):
            self._dropped.add(_key(name))
            self._new.pop(_key(name), None)
            self._trees.pop(_key(name), None)
        types = self.tree(CONTENT_TYPES)
        for override in list(types):
            if _key(override.get("PartName", "")) == _key(part):
                types.remove(override)

    def relations(self, part: str) -> list[Relation]:
        """The relationships that leave a part, targets resolved to part names."""
        if rels_part(part) not in self:
            return []
        return [_relation(part, element) for element in self.tree(rels_part(part)) if local_name(element)]

    def relate(self, part: str, relation: Relation) -> str:
        """Add a relationship and return its id; a relation without an id gets a free one."""
        if rels_part(part) not in self:
            self.put_tree(rels_part(part), parse(_NO_RELATIONS))
        root = self.tree(rels_part(part))
        taken = {element.get("Id") for element in root}
        new_id = relation.id or next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        element = etree.SubElement(root, f"{{{PACKAGE}/relationships}}Relationship", Id=new_id, Type=relation.type)
        if relation.external:
            element.set("Target", relation.target)
            element.set("TargetMode", "External")
        else:
            element.set("Target", posixpath.relpath(relation.target, posixpath.dirname(part) or "."))
        return new_id

    def unrelate(self, part: str, relation_id: str) -> None:
        """Take a relationship away."""
        root = self.tree(rels_part(part))
        for element in list(root):
            if element.get("Id") == relation_id:
                root.remove(element)

    def content_type(self, part: str) -> str:
        """The declared content type of a part; empty when there is none."""
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        default = ""
        for element in self.tree(CONTENT_TYPES):
            if _key(element.get("PartName", "")) == _key(part):
                return element.get("ContentType", "")
            if element.get("Extension", "").lower() == extension:
                default = element.get("ContentType", "")
        return default

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a new part."""
        if self.content_type(part) != content_type:
            types = self.tree(CONTENT_TYPES)
            tag = f"{{{PACKAGE}/content-types}}Override"
            etree.SubElement(types, tag, PartName=f"/{part}", ContentType=content_type)

    def free_name(self, like: str) -> str:
        """The first unused part name in the same folder: ``xl/charts/chart1.xml`` -> ``xl/charts/chart4.xml``."""
        stem, extension = posixpath.splitext(like)
        stem = stem.rstrip("0123456789")
        number = 1
        while f"{stem}{number}{extension}" in self:
            number += 1
        return f"{stem}{number}{extension}"

    def reachable(self, start: str = "") -> dict[str, str]:
        """All parts that relationships lead to from ``start`` (the package itself): key -> part name."""
        found: dict[str, str] = {}
        waiting = [start]
        while waiting:
            for relation in self.relations(waiting.pop()):
                if not relation.external and _key(relation.target) not in found:
                    found[_key(relation.target)] = relation.target
                    waiting.append(relation.target)
        return found

    def drop_unreachable(self, candidates: Iterable[str]) -> None:
        """Drop those candidates that no relationship leads to any more."""
        kept = self.reachable()
        for part in candidates:
            if part in self and _key(part) not in kept:
                self.drop(part)

    def changes(self) -> dict[str, tuple[str, Content]]:
        """Key -> (part name, content) of everything that differs from the source."""
        changed = {key: entry for key, entry in self._new.items() if key not in self._dropped}
        for key, (name, root, before) in self._trees.items():
            if key not in self._dropped and (after := serialise(root)) != before:
                changed[key] = (name, after)
        return changed

    def write(self, target: Path) -> tuple[str, ...]:
        """Write the package: parts keep their order, new ones follow. Returns the names of the parts written anew.

        A target that could not be finished is removed.
        """
        changed = self.changes()
        names = tuple(name for name, _ in changed.values())
        try:
            with zipfile.ZipFile(target, "w") as out:
                for key, info in self._members.items():
                    if key in changed:
                        _write_part(out, info.filename, changed.pop(key)[1])
                    elif key not in self._dropped:
                        _copy_raw(self._source, info, out)
                for name, content in changed.values():
                    _write_part(out, name, content)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return names


@contextmanager
def open_package(source: Path) -> Iterator[Package]:
    """The package in a file, open for as long as it is read from."""
    with source.open("rb") as stream:
        yield Package(stream)


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def _relation(part: str, element: etree._Element) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    if not external:
        target = target.split("#")[0].replace("\\", "/")
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", ""), target, external)


def _write_part(out: zipfile.ZipFile, name: str, content: Content) -> None:
    info = zipfile.ZipInfo(name, _FIXED_TIME)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
    info._compresslevel = _DEFLATE_LEVEL  # type: ignore[attr-defined]  # public only from Python 3.13
    part = Pieces((content,)) if isinstance(content, bytes) else content
    with out.open(info, "w", force_zip64=part.large) as stream:
        for piece in part.pieces:
            stream.write(piece)


def _copy_raw(source: IO[bytes], info: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
    """Copy a member's compressed bytes; the sizes move into the local header, so no data descriptor is needed."""
    source.seek(info.header_offset + 26)
    name_length, extra_length = struct.unpack("<HH", source.read(4))
    source.seek(name_length + extra_length, 1)
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type, copy.comment = info.compress_type, info.comment
    copy.create_system, copy.external_attr, copy.internal_attr = (
        info.create_system,
        info.external_attr,
        info.internal_attr,
    )
    copy.CRC, copy.compress_size, copy.file_size = info.CRC, info.compress_size, info.file_size
    copy.flag_bits = info.flag_bits & ~0x08
    stream = out.fp
    assert stream is not None
    stream.seek(out.start_dir)
    copy.header_offset = stream.tell()
    stream.write(copy.FileHeader())
    left = info.compress_size
    while left:
        piece = source.read(min(left, _COPY_BYTES))
        if not piece:
            raise WriteError([Fault("KW-SA-014", found=info.filename)])
        stream.write(piece)
        left -= len(piece)
    out.filelist.append(copy)
    out.NameToInfo[copy.filename] = copy
    out.start_dir = stream.tell()
