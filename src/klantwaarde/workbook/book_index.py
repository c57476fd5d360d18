"""The index of a workbook, ``workbook.xml``: sheets in tab order, defined names, calculation settings."""

import re
from dataclasses import dataclass

from lxml import etree

from klantwaarde.messages import Fault, WriteError
from klantwaarde.workbook.opc import Package, local_name
from klantwaarde.workbook.protocol import OWNERSHIP_MARK

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION_NAMESPACE = {
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_ORDER = ("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
          "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
          "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")  # fmt: skip
_TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One tab: its name, the relationship and the part behind it, and whether it is a worksheet."""

    name: str
    relation_id: str
    part: str
    is_worksheet: bool
    state: str


@dataclass(frozen=True, slots=True)
class Index:
    """The workbook part with its parsed root; every change goes into ``root``."""

    package: Package
    part: str
    root: etree._Element

    @property
    def namespace(self) -> str:
        return str(etree.QName(self.root).namespace)

    @property
    def is_strict(self) -> bool:
        return self.namespace == _STRICT

    @property
    def relation_namespace(self) -> str:
        """The namespace of ``r:id`` attributes, and the beginning of relationship types."""
        return _RELATION_NAMESPACE[self.is_strict]

    @property
    def counts_from_1904(self) -> bool:
        properties = self.find("workbookPr")
        return properties is not None and properties.get("date1904", "0") in _TRUE

    def find(self, name: str) -> etree._Element | None:
        return self.root.find(f"{{{self.namespace}}}{name}")

    def require(self, name: str) -> etree._Element:
        """The element of that name, made at its place when there is none."""
        found = self.find(name)
        if found is None:
            found = etree.Element(f"{{{self.namespace}}}{name}")
            later = _ORDER[_ORDER.index(name) + 1 :]
            place = next((i for i, child in enumerate(self.root) if local_name(child) in later), len(self.root))
            self.root.insert(place, found)
        return found

    def sheets(self) -> list[SheetEntry]:
        """Every tab in order."""
        relations = {relation.id: relation for relation in self.package.relations(self.part)}
        entries = []
        for element in self.require("sheets"):
            relation = relations.get(element.get(f"{{{self.relation_namespace}}}id", ""))
            if relation is None:
                raise WriteError([Fault("KW-SA-014", found=element.get("name"))])
            name, state = element.get("name", ""), element.get("state", "visible")
            entries.append(SheetEntry(name, relation.id, relation.target, relation.kind == "worksheet", state))
        return entries

    def defined_names(self) -> list[etree._Element]:
        found = self.find("definedNames")
        return [] if found is None else [child for child in found if local_name(child)]


def open_index(package: Package) -> Index:
    """The index of a package.

    Raises:
        WriteError: the package holds no workbook (KW-SA-014).
    """
    part = next((relation.target for relation in package.relations("") if relation.kind == "officeDocument"), None)
    if part is None:
        raise WriteError([Fault("KW-SA-014", found="xl/workbook.xml")])
    return Index(package, part, package.tree(part))


def owned_names(index: Index) -> frozenset[str]:
    """Names of the sheets that carry our mark."""
    names = [entry.name for entry in index.sheets()]
    marks = [name for name in index.defined_names() if name.get("name") == OWNERSHIP_MARK and name.get("localSheetId")]
    return frozenset(names[int(mark.get("localSheetId", "0"))] for mark in marks)


def append_sheet(index: Index, name: str, relation_id: str, *, state: str) -> None:
    """Put a new tab behind the others."""
    sheets = index.require("sheets")
    highest = max((int(element.get("sheetId", "0")) for element in sheets), default=0)
    element = etree.SubElement(sheets, f"{{{index.namespace}}}sheet", name=name, sheetId=str(highest + 1))
    if state != "visible":
        element.set("state", state)
    element.set(f"{{{index.relation_namespace}}}id", relation_id)


def remove_sheets(index: Index, names: frozenset[str]) -> None:
    """Take tabs away; names that belong to other tabs and the active tab follow their sheet.

    A workbook-wide name that points to a removed sheet becomes ``#REF!``, as in Excel.
    """
    sheets = index.require("sheets")
    before = list(sheets)
    kept = [element for element in before if element.get("name") not in names]
    moved = {before.index(element): place for place, element in enumerate(kept)}
    for element in before:
        if element not in kept:
            sheets.remove(element)
    for name in index.defined_names():
        scope = name.get("localSheetId")
        if scope is None or int(scope) in moved:
            name.text = _without_sheets(name.text or "", names)
        if scope is not None:
            _move_scope(name, moved)
    _move_views(index, moved, [element.get("state", "visible") for element in kept])


def _without_sheets(formula: str, names: frozenset[str]) -> str:
    for name in names:
        quoted = "'" + name.replace("'", "''") + "'!"
        formula = formula.replace(quoted, "#REF!")
        formula = re.sub(rf"(?<![\w.\]']){re.escape(name)}!", "#REF!", formula)
    return formula


def _move_scope(name: etree._Element, moved: dict[int, int]) -> None:
    scope = int(name.get("localSheetId", "0"))
    if scope in moved:
        name.set("localSheetId", str(moved[scope]))
    else:
        _remove(name)


def _move_views(index: Index, moved: dict[int, int], states: list[str]) -> None:
    shown = [place for place, state in enumerate(states) if state == "visible"]
    for view in index.require("bookViews"):
        for attribute in ("activeTab", "firstSheet"):
            if (old := view.get(attribute)) is not None:
                place = moved.get(int(old))
                earlier = [new for before, new in moved.items() if before <= int(old) and new in shown]
                view.set(attribute, str(place if place is not None else max(earlier, default=min(shown, default=0))))


def active_tab(index: Index) -> int:
    """Position of the tab that Excel shows first."""
    views = index.find("bookViews")
    return 0 if views is None or not len(views) else int(views[0].get("activeTab", "0"))


def replace_scoped_names(index: Index, position: int, names: list[etree._Element]) -> None:
    """Give the tab at ``position`` the names of its new content and our mark.

    Print areas and the like are replaced; other names that a user gave to the sheet stay, unless the new content has
    the same name.
    """
    wanted = {name.get("name", "").casefold() for name in names} | {OWNERSHIP_MARK.casefold()}
    for name in index.defined_names():
        title = name.get("name", "").casefold()
        if name.get("localSheetId") == str(position) and (title in wanted or title.startswith("_xlnm.")):
            _remove(name)
    target = index.require("definedNames")
    for name in names:
        name.set("localSheetId", str(position))
        target.append(name)
    tag = f"{{{index.namespace}}}definedName"
    mark = etree.SubElement(target, tag, name=OWNERSHIP_MARK, localSheetId=str(position), hidden="1")
    mark.text = "TRUE"


def drop_empty_names(index: Index) -> None:
    """An empty list of names is not valid."""
    found = index.find("definedNames")
    if found is not None and not len(found):
        index.root.remove(found)


def calculate_on_load(index: Index) -> None:
    """Have Excel calculate everything when the book is opened, and forget the old order of calculation."""
    index.require("calcPr").set("fullCalcOnLoad", "1")
    for relation in index.package.relations(index.part):
        if relation.kind == "calcChain":
            index.package.unrelate(index.part, relation.id)
            index.package.drop(relation.target)


def require_view(index: Index) -> None:
    """Sheets refer to a window of the workbook; make sure there is one."""
    views = index.require("bookViews")
    if not len(views):
        etree.SubElement(views, f"{{{index.namespace}}}workbookView")


def refuse_locked(index: Index) -> None:
    """Raises WriteError when the structure is protected (KW-SA-012) or the book is signed (KW-SA-013)."""
    protection = index.find("workbookProtection")
    if protection is not None and protection.get("lockStructure", "0") in _TRUE:
        raise WriteError([Fault("KW-SA-012")])
    refuse_signed(index.package)


def refuse_signed(package: Package) -> None:
    """Raises WriteError when the book carries a digital signature, which any change would break (KW-SA-013)."""
    if any(relation.type.endswith("/digital-signature/origin") for relation in package.relations("")):
        raise WriteError([Fault("KW-SA-013")])


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
