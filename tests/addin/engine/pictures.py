"""Pictures of a sheet, kept as openpyxl images."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AbsoluteAnchor
from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D
from xlwings import base_classes

from addin.engine.chart_drawing import EMU_PER_POINT
from addin.engine.com import com_object
from addin.engine.members import Members

if TYPE_CHECKING:
    from addin.engine.sheet import Sheet

PNG = b"\x89PNG\r\n\x1a\n"
PIXELS_PER_POINT = 96 / 72


def _place(name: str) -> property:
    def get(picture: Picture) -> float:
        return picture.image.place[name]

    def put(picture: Picture, value: float) -> None:
        picture.image.place[name] = value
        picture.image.settle()

    return property(get, put)


class PlacedImage(Image):
    """An image with a name and a place in points."""

    def __init__(self, path: str, name: str, left: float, top: float) -> None:
        self._bytes = Path(path).read_bytes()
        if not self._bytes.startswith(PNG):
            raise NotImplementedError("The engine takes PNG pictures only.")
        self.width, self.height = struct.unpack(">II", self._bytes[16:24])
        self.format = "png"
        self.name = name
        self.keeps_shape = True
        self.place = {
            "left": left,
            "top": top,
            "width": self.width / PIXELS_PER_POINT,
            "height": self.height / PIXELS_PER_POINT,
        }
        self.settle()

    def _data(self) -> bytes:
        return self._bytes

    def settle(self) -> None:
        point = {name: round(value * EMU_PER_POINT) for name, value in self.place.items()}
        self.anchor = AbsoluteAnchor(
            pos=XDRPoint2D(point["left"], point["top"]), ext=XDRPositiveSize2D(point["width"], point["height"])
        )


@com_object
class Picture(base_classes.Picture):
    """One picture."""

    left, top, width, height = _place("left"), _place("top"), _place("width"), _place("height")

    def __init__(self, sheet: Sheet, image: PlacedImage) -> None:
        self._sheet = sheet
        self.image = image

    @property
    def api(self) -> None:
        return None

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def name(self) -> str:
        return self.image.name

    @name.setter
    def name(self, value: str) -> None:
        self.image.name = value

    @property
    def lock_aspect_ratio(self) -> bool:
        return self.image.keeps_shape

    @lock_aspect_ratio.setter
    def lock_aspect_ratio(self, value: bool) -> None:
        self.image.keeps_shape = value

    def delete(self) -> None:
        self._sheet.ws._images.remove(self.image)


@com_object
class Pictures(Members[Picture], base_classes.Pictures):
    """The pictures that were added; those of the file stay in it unseen."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def parent(self) -> Sheet:
        return self._sheet

    def _members(self) -> list[Picture]:
        return [Picture(self._sheet, image) for image in self._sheet.ws._images if isinstance(image, PlacedImage)]

    @staticmethod
    def _name_of(member: Picture) -> str:
        return member.image.name

    def add(
        self,
        filename: str,
        link_to_file: bool,
        save_with_document: bool,
        left: float | None,
        top: float | None,
        width: float,
        height: float,
        anchor: Any = None,
    ) -> Picture:
        if anchor is not None:
            left, top = anchor.impl.left, anchor.impl.top
        number = len(self._sheet.ws._images) + 1
        image = PlacedImage(filename, f"Picture {number}", left or 0, top or 0)
        if width > 0 and height > 0:
            image.place.update(width=width, height=height)
            image.settle()
        self._sheet.ws.add_image(image)
        return Picture(self._sheet, image)
