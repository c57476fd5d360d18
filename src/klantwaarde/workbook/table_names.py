"""Excel tables across the sheets of a workbook: unique names and numbers, and the pivots that read them."""

from collections.abc import Iterable, Iterator

from klantwaarde.messages import Fault, WriteError
from klantwaarde.workbook.book_index import Index, SheetEntry
from klantwaarde.workbook.opc import local_name, parse


def tables_on(index: Index, sheets: Iterable[SheetEntry]) -> Iterator[tuple[str, int, SheetEntry, str]]:
    """Every table on these sheets: name, number, sheet, part."""
    for entry in sheets:
        for relation in index.package.relations(entry.part):
            if relation.kind == "table":
                root = parse(index.package.read(relation.target))
                name = root.get("displayName", root.get("name", ""))
                yield name, int(root.get("id", "0")), entry, relation.target


def table_numbers(book: Index, donor: Index, *, ours: Iterable[SheetEntry]) -> dict[str, int]:
    """A number for every table of the donor; a table that was there before keeps its own.

    Args:
        book: The user's workbook, before any sheet is taken away.
        donor: The workbook with the new sheets.
        ours: The sheets of the book that go.

    Raises:
        WriteError: a table of the user, or a name, is called the same (KW-SA-011).
    """
    going = list(ours)
    before = {name: number for name, number, _, _ in tables_on(book, going)}
    staying = list(tables_on(book, [entry for entry in book.sheets() if entry not in going]))
    taken = {name.casefold(): entry.name for name, _, entry, _ in staying}
    for defined in book.defined_names():
        if defined.get("localSheetId") is None:
            taken.setdefault(defined.get("name", "").casefold(), "")
    used = {number for _, number, _, _ in staying}
    faults, numbers = [], {}
    for name, _, entry, _ in tables_on(donor, donor.sheets()):
        if name.casefold() in taken:
            faults.append(Fault("KW-SA-011", sheet=taken[name.casefold()] or entry.name, table=name, found=name))
        number = before.get(name, 0)
        if not number or number in used:
            number = max([0, *used, *before.values()]) + 1
        used.add(number)
        numbers[name] = number
    if faults:
        raise WriteError(faults)
    return numbers


def refresh_pivots(index: Index, *, tables: Iterable[str], sheets: Iterable[str]) -> None:
    """Let pivots whose source is one of these tables or sheets refresh when the book is opened."""
    sources = {name.casefold() for name in tables}
    places = {name.casefold() for name in sheets}
    for relation in index.package.relations(index.part):
        if relation.kind == "pivotCacheDefinition":
            root = index.package.tree(relation.target)
            for element in root.iter():
                if local_name(element) == "worksheetSource" and (
                    element.get("name", "").casefold() in sources or element.get("sheet", "").casefold() in places
                ):
                    root.set("refreshOnLoad", "1")
