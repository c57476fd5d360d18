"""Comments that a user put on one of our sheets: they stay in their cells when the new sheet has no comments."""

import re
from dataclasses import dataclass

from lxml import etree

from klantwaarde.workbook.opc import Package, Relation, local_name

_KINDS = {"comments", "threadedComment"}
_AFTER_DRAWING = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
                  "extLst")  # fmt: skip
_LEGACY_DRAWING = re.compile(rb'<(?:[\w.-]+:)?legacyDrawing\b[^>]*?[\w.-]+:id="([^"]+)"')
_TAIL_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Notes:
    """The relationships of a sheet's comments, and the one of the drawing that holds their boxes."""

    comments: tuple[Relation, ...]
    boxes: Relation | None

    def parts(self, package: Package) -> set[str]:
        """Every part the comments need."""
        found: set[str] = set()
        for relation in (*self.comments, *((self.boxes,) if self.boxes else ())):
            found |= {relation.target, *package.reachable(relation.target).values()}
        return found


def has_notes(package: Package, part: str) -> bool:
    """Whether a sheet has comments."""
    return any(relation.kind in _KINDS for relation in package.relations(part))


def kept_notes(package: Package, part: str) -> Notes | None:
    """The comments on a sheet, or None."""
    relations = package.relations(part)
    comments = tuple(relation for relation in relations if relation.kind in _KINDS)
    if not comments:
        return None
    drawing = _LEGACY_DRAWING.search(package.read(part)[-_TAIL_BYTES:])
    wanted = drawing[1].decode() if drawing else ""
    return Notes(comments, next((relation for relation in relations if relation.id == wanted), None))


def restore_notes(package: Package, part: str, root: etree._Element, notes: Notes, *, relation_namespace: str) -> None:
    """Tie the comments to the sheet's new content, which has none of its own."""
    for comment in notes.comments:
        package.relate(part, Relation("", comment.type, comment.target))
    if notes.boxes:
        element = etree.Element(f"{{{etree.QName(root).namespace}}}legacyDrawing")
        relation_id = package.relate(part, Relation("", notes.boxes.type, notes.boxes.target))
        element.set(f"{{{relation_namespace}}}id", relation_id)
        place = next((i for i, child in enumerate(root) if local_name(child) in _AFTER_DRAWING), len(root))
        root.insert(place, element)
