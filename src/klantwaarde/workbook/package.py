"""Writing our sheets into a user's workbook without touching anything else.

openpyxl never opens the user's book. The finished sheets come as a donor workbook; their parts are taken over, the
few index parts are edited, and every other part is copied as the raw compressed bytes that it was.
"""

import posixpath
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from klantwaarde.messages import Fault, WriteError
from klantwaarde.workbook import book_index as books
from klantwaarde.workbook.book_index import Index, SheetEntry, open_index
from klantwaarde.workbook.donor import (
    Adoption,
    adopt_cells,
    adopt_differences,
    date_shift,
    open_donor,
    shared_texts,
    sheet_content,
)
from klantwaarde.workbook.notes import Notes, has_notes, kept_notes, restore_notes
from klantwaarde.workbook.opc import Relation, open_package, parse, serialise
from klantwaarde.workbook.row_writer import BulkRows
from klantwaarde.workbook.styles import EMPTY_STYLES, StyleMap, merge_styles
from klantwaarde.workbook.table_fill import fill_table
from klantwaarde.workbook.table_names import refresh_pivots, table_numbers

__all__ = ["BulkRows", "GraftSummary", "fill_table", "graft", "owned_sheets"]

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass(frozen=True, slots=True)
class GraftSummary:
    """What a graft did.

    Attributes:
        added: Names of the sheets that are new in the book, in tab order; ``replaced`` and ``removed`` likewise.
        rewritten: Names of the parts that are not the source's own bytes.
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    rewritten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which tab each donor sheet goes to: an old tab of ours, or None for a new one."""

    places: tuple[tuple[SheetEntry, SheetEntry | None], ...]
    removed: tuple[SheetEntry, ...]

    @property
    def going(self) -> list[SheetEntry]:
        return [old for _, old in self.places if old] + list(self.removed)


@dataclass(frozen=True, slots=True)
class _Graft:
    """Everything that is the same for all sheets of one graft."""

    book: Index
    donor: Index
    styles: StyleMap
    table_numbers: Mapping[str, int]
    shared_texts: list[etree._Element]
    days_later: int
    copied: dict[str, str] = field(default_factory=dict)


def owned_sheets(source: Path) -> frozenset[str]:
    """The sheets of a workbook that carry our mark.

    Raises:
        WriteError: the file is no workbook (KW-SA-014).
    """
    with open_package(source) as package:
        return books.owned_names(open_index(package))


def graft(
    source: Path,
    target: Path,
    donor: bytes,
    *,
    owned: frozenset[str],
    bulk: Mapping[str, BulkRows] | None = None,
) -> GraftSummary:
    """Copy a workbook with the donor's sheets in it; same source and donor give the same bytes.

    A donor sheet replaces the sheet of that name if it is ours, otherwise it is appended. Sheets of ours that the donor
    lacks are removed. Every sheet from the donor gets the mark that makes it ours.

    Args:
        source: The user's workbook; it is only read.
        target: The file to write.
        donor: A workbook as openpyxl saves it. Its texts are taken literally, its workbook-wide names are left out.
        owned: Names of the sheets that may be replaced or removed, see :func:`owned_sheets`.
        bulk: Per sheet the rows of its large table, whose first row stands in the donor.

    Raises:
        WriteError: a sheet (KW-SA-010) or table (KW-SA-011) of the user has the name of one of ours, the structure is
            protected (012), the book is signed (013) or damaged (014), or content does not fit (019, 020). No target
            is left behind.
    """
    if source.resolve() == target.resolve():
        raise ValueError("source and target must be two files")
    with open_package(source) as package:
        book = open_index(package)
        books.refuse_locked(book)
        new = open_donor(donor, strict=book.is_strict)
        plan = _plan(book, new, owned)
        numbers = table_numbers(book, new, ours=plan.going)
        notes = _take_away(book, new, plan)
        shared = _Graft(book, new, _merged_styles(book, new), numbers, shared_texts(new), date_shift(book, new))
        for fresh, old in plan.places:
            _put_sheet(shared, fresh, old, notes=notes.get(fresh.name), bulk=(bulk or {}).get(fresh.name))
        _put_names(book, new, plan)
        books.require_view(book)
        books.calculate_on_load(book)
        refresh_pivots(book, tables=numbers, sheets=[fresh.name for fresh, _ in plan.places])
        rewritten = package.write(target)
    return GraftSummary(
        added=tuple(fresh.name for fresh, old in plan.places if old is None),
        replaced=tuple(old.name for _, old in plan.places if old),
        removed=tuple(entry.name for entry in plan.removed),
        rewritten=rewritten,
    )


def _plan(book: Index, donor: Index, owned: frozenset[str]) -> _Plan:
    """Decide for every donor sheet where it goes.

    Raises:
        WriteError: sheets of the user are in the way, all of them named (KW-SA-010).
    """
    present = {entry.name.casefold(): entry for entry in book.sheets()}
    places = tuple((fresh, present.get(fresh.name.casefold())) for fresh in donor.sheets())
    in_the_way = [old for _, old in places if old and (old.name not in owned or not old.is_worksheet)]
    if in_the_way:
        raise WriteError([Fault("KW-SA-010", sheet=old.name, found=old.name) for old in in_the_way])
    replaced = {old.name for _, old in places if old}
    return _Plan(places, tuple(entry for entry in present.values() if entry.name in owned - replaced))


def _take_away(book: Index, donor: Index, plan: _Plan) -> dict[str, Notes]:
    """Drop the old sheets of ours with what only they use. Returns the comments to keep, by sheet."""
    package = book.package
    silent = [(fresh.name, old) for fresh, old in plan.places if old and not has_notes(donor.package, fresh.part)]
    notes = {name: kept for name, old in silent if (kept := kept_notes(package, old.part))}
    needed = {part for kept in notes.values() for part in kept.parts(package)}
    candidates = {part for entry in plan.going for part in package.reachable(entry.part).values()} - needed
    for entry in plan.removed:
        package.unrelate(book.part, entry.relation_id)
    for entry in plan.going:
        package.drop(entry.part)
    books.remove_sheets(book, frozenset(entry.name for entry in plan.removed))
    package.drop_unreachable(sorted(candidates))
    return notes


def _merged_styles(book: Index, donor: Index) -> StyleMap:
    """Merge the donor's styles into the book's, which are made when there are none."""
    package = book.package
    part = next((relation.target for relation in package.relations(book.part) if relation.kind == "styles"), None)
    if part is None:
        part = posixpath.join(posixpath.dirname(book.part), "styles.xml")
        package.put_tree(part, parse(EMPTY_STYLES.format(namespace=book.namespace).encode()))
        package.declare(part, _STYLES_TYPE)
        package.relate(book.part, Relation("", f"{book.relation_namespace}/styles", part))
    donor_part = next(relation.target for relation in donor.package.relations(donor.part) if relation.kind == "styles")
    return merge_styles(package.tree(part), donor.package.tree(donor_part))


def _put_sheet(
    shared: _Graft,
    fresh: SheetEntry,
    old: SheetEntry | None,
    *,
    notes: Notes | None,
    bulk: BulkRows | None,
) -> None:
    """Take one donor sheet over, with every part it leads to."""
    package = shared.book.package
    folder = posixpath.dirname(shared.book.part)
    part = old.part if old else package.free_name(posixpath.join(folder, "worksheets", "sheet1.xml"))
    package.declare(part, shared.donor.package.content_type(fresh.part))
    root = deepcopy(shared.donor.package.tree(fresh.part))
    tabs = [entry.name for entry in shared.book.sheets()]
    position = tabs.index(old.name) if old else -1
    adoption = Adoption(shared.styles, shared.shared_texts, shared.days_later, fresh.name)
    adopt_cells(root, adoption, selected=position == books.active_tab(shared.book))
    _put_relations(shared, fresh.part, part)
    if notes:
        restore_notes(package, part, root, notes, relation_namespace=shared.book.relation_namespace)
    package.put(part, sheet_content(root, adoption, bulk))
    if old is None:
        relation_id = package.relate(
            shared.book.part, Relation("", f"{shared.book.relation_namespace}/worksheet", part)
        )
        books.append_sheet(shared.book, fresh.name, relation_id, state=fresh.state)


def _put_relations(shared: _Graft, donor_part: str, part: str) -> None:
    """Take over what a donor part leads to; relationship ids stay."""
    for relation in shared.donor.package.relations(donor_part):
        target = relation.target if relation.external else _put_part(shared, relation)
        shared.book.package.relate(part, Relation(relation.id, relation.type, target, relation.external))


def _put_part(shared: _Graft, relation: Relation) -> str:
    """Take one donor part over under a free name, once; returns that name."""
    if relation.target not in shared.copied:
        package, donor = shared.book.package, shared.donor.package
        name = package.free_name(relation.target)
        shared.copied[relation.target] = name
        content = donor.read(relation.target)
        package.put(name, _table_part(shared, content) if relation.kind == "table" else content)
        package.declare(name, donor.content_type(relation.target))
        _put_relations(shared, relation.target, name)
    return shared.copied[relation.target]


def _table_part(shared: _Graft, content: bytes) -> bytes:
    root = parse(content)
    root.set("id", str(shared.table_numbers[root.get("displayName", "")]))
    adopt_differences(root, shared.styles)
    return serialise(root)


def _put_names(book: Index, donor: Index, plan: _Plan) -> None:
    """Give every sheet of ours its own names and the mark."""
    positions = {entry.name: position for position, entry in enumerate(book.sheets())}
    for number, (fresh, old) in enumerate(plan.places):
        names = [deepcopy(name) for name in donor.defined_names() if name.get("localSheetId") == str(number)]
        books.replace_scoped_names(book, positions[old.name if old else fresh.name], names)
    books.drop_empty_names(book)
