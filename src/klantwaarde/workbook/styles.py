"""Merging the styles of one workbook into another's ``styles.xml``; what is there already is used again.

ECMA-376 part 1, §18.8: a cell points to ``cellXfs``, which points to number formats, fonts, fills, borders and, through
``cellStyleXfs``, to a named style. Every list is addressed by position, so entries are only ever appended.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from klantwaarde.workbook.opc import local_name

_SECTIONS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
             "tableStyles", "colors", "extLst")  # fmt: skip
_FIRST_CUSTOM_FORMAT = 164
_DEFAULTS = {("pivotButton", "0"), ("quotePrefix", "0"), ("patternType", "none"), ("hidden", "0")}

EMPTY_STYLES = (
    '<styleSheet xmlns="{namespace}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

Shape = tuple[str, tuple[tuple[str, str], ...], "tuple[Shape, ...]"]


@dataclass(frozen=True, slots=True)
class StyleMap:
    """Where the donor's styles ended up.

    Attributes:
        cells: Index in our ``cellXfs`` per index in the donor's; 0 stays 0, the book's own default.
        differences: Index in our ``dxfs`` per index in the donor's.
        dates: Indexes in the donor's ``cellXfs`` that show a date.
    """

    cells: tuple[int, ...]
    differences: tuple[int, ...]
    dates: frozenset[int]


def merge_styles(styles: etree._Element, donor: etree._Element) -> StyleMap:
    """Append to ``styles`` what the donor has and it lacks; both roots must use the same namespace.

    A named style of the same name keeps the look that the book gives it.
    """
    formats = _number_formats(styles, donor)
    parts = {
        "numFmtId": formats,
        "fontId": _absorb(styles, donor, "fonts"),
        "fillId": _absorb(styles, donor, "fills"),
        "borderId": _absorb(styles, donor, "borders"),
    }
    named = _named_styles(styles, donor, parts)
    cells = _absorb(styles, donor, "cellXfs", lambda xf: _remap(xf, {**parts, "xfId": named}), first=1)
    differences = _absorb(styles, donor, "dxfs", lambda dxf: _remap_format(dxf, formats))
    return StyleMap((0, *cells.values()), tuple(differences.values()), _date_cells(donor))


def _children(root: etree._Element, section: str) -> list[etree._Element]:
    found = root.find(f"{{{etree.QName(root).namespace}}}{section}")
    return [] if found is None else [child for child in found if local_name(child)]


def _section(root: etree._Element, section: str) -> etree._Element:
    """The list of that name, made at its place when the book has none."""
    tag = f"{{{etree.QName(root).namespace}}}{section}"
    found = root.find(tag)
    if found is None:
        found = etree.Element(tag)
        later = _SECTIONS[_SECTIONS.index(section) + 1 :]
        place = next((i for i, child in enumerate(root) if local_name(child) in later), len(root))
        root.insert(place, found)
    return found


def _append(root: etree._Element, section: str, element: etree._Element) -> int:
    """Append an entry, keep the count right and return the entry's index."""
    found = _section(root, section)
    found.append(element)
    size = len(_children(root, section))
    found.set("count", str(size))
    return size - 1


def _shape(element: etree._Element) -> Shape:
    """What makes two entries equal: names and values in any order, without defaults that some writers spell out."""
    attributes = ((etree.QName(name).localname, str(value)) for name, value in element.attrib.items())
    shown = tuple(sorted(pair for pair in attributes if pair not in _DEFAULTS))
    return (local_name(element), shown, tuple(sorted(_shape(child) for child in element if local_name(child))))


def _same(entry: etree._Element) -> None:
    """Entries of this list hold no references."""


def _absorb(
    styles: etree._Element,
    donor: etree._Element,
    section: str,
    remap: Callable[[etree._Element], None] = _same,
    *,
    first: int = 0,
) -> dict[int, int]:
    """Donor index -> index in the merged list, from the ``first`` donor entry on."""
    known: dict[Shape, int] = {}
    for index, entry in enumerate(_children(styles, section)):
        known.setdefault(_shape(entry), index)
    places = {}
    for index, original in enumerate(_children(donor, section)[first:], first):
        entry = deepcopy(original)
        remap(entry)
        shape = _shape(entry)
        if shape not in known:
            known[shape] = _append(styles, section, entry)
        places[index] = known[shape]
    return places


def _remap(xf: etree._Element, maps: dict[str, dict[int, int]]) -> None:
    for name, places in maps.items():
        old = int(xf.get(name, "0"))
        xf.set(name, str(places.get(old, old)))


def _remap_format(dxf: etree._Element, formats: dict[int, int]) -> None:
    for child in dxf:
        if local_name(child) == "numFmt":
            old = int(child.get("numFmtId", "0"))
            child.set("numFmtId", str(formats.get(old, old)))


def _format_codes(root: etree._Element) -> dict[int, str]:
    return {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in _children(root, "numFmts")}


def _number_formats(styles: etree._Element, donor: etree._Element) -> dict[int, int]:
    """Donor format id -> id in the book; built-in formats keep their number."""
    ids = {code: number for number, code in reversed(_format_codes(styles).items())}
    wanted = _format_codes(donor)
    for dxf in _children(donor, "dxfs"):
        for child in dxf:
            if local_name(child) == "numFmt":
                wanted.setdefault(int(child.get("numFmtId", "0")), child.get("formatCode", ""))
    places = {}
    for old, code in wanted.items():
        if code not in ids:
            ids[code] = max([_FIRST_CUSTOM_FORMAT - 1, *ids.values()]) + 1
            tag = f"{{{etree.QName(styles).namespace}}}numFmt"
            _append(styles, "numFmts", etree.Element(tag, numFmtId=str(ids[code]), formatCode=code))
        places[old] = ids[code]
    return places


def _named_styles(styles: etree._Element, donor: etree._Element, parts: dict[str, dict[int, int]]) -> dict[int, int]:
    """Donor ``cellStyleXfs`` index -> index in the book, matched by name (or built-in number)."""
    own: dict[str, int] = {}
    for entry in _children(styles, "cellStyles"):
        for key in _style_keys(entry):
            own.setdefault(key, int(entry.get("xfId", "0")))
    donor_looks = _children(donor, "cellStyleXfs")
    places = dict.fromkeys(range(len(donor_looks)), own.get("builtin 0", 0))
    for original in _children(donor, "cellStyles"):
        old = int(original.get("xfId", "0"))
        known = next((own[key] for key in _style_keys(original) if key in own), None)
        if known is None and old < len(donor_looks):
            look, entry = deepcopy(donor_looks[old]), deepcopy(original)
            _remap(look, parts)
            known = _append(styles, "cellStyleXfs", look)
            entry.set("xfId", str(known))
            _append(styles, "cellStyles", entry)
            own.update(dict.fromkeys(_style_keys(entry), known))
        places[old] = known or 0
    return places


def _style_keys(entry: etree._Element) -> list[str]:
    builtin = entry.get("builtinId")
    return [f"name {entry.get('name', '').casefold()}"] + ([f"builtin {builtin}"] if builtin else [])


def _date_cells(donor: etree._Element) -> frozenset[int]:
    """Indexes of the donor's ``cellXfs`` whose number format shows a date."""
    codes = {**BUILTIN_FORMATS, **_format_codes(donor)}
    shown = enumerate(codes.get(int(xf.get("numFmtId", "0")), "") for xf in _children(donor, "cellXfs"))
    return frozenset(index for index, code in shown if is_date_format(code))
