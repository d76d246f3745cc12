"""Pictures stored in an .xlsx: those on a sheet and those placed in a cell."""

from __future__ import annotations

import posixpath

from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import AS_STORED, Drawn, Position, SheetPicture
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xml_documents import attribute, local, whole

ADDRESSED = "IMAGE関数で表示する写真は、ファイルに含まれていません"
COVERED = "ほかの図形か写真が、写真の上に重なっています"
HIDDEN = "シートに表示されない写真です（非表示の行・列・シートなど）"
TOO_MANY_PICTURES = f"1つのブックの写真が{limits.PICTURES}枚を超えています"
_MEDIA = ("xl/media/", "media/")


class Media:
    """The pictures of one workbook found so far; without bytes unless they are requested."""

    def __init__(self, parts: Parts, *, wants: bool) -> None:
        self.parts = parts
        self.wants = wants
        self.found: list[SheetPicture] = []
        self._used: set[str] = set()

    def place(self, part: str, sheet: str, position: Position, drawn: Drawn = AS_STORED) -> None:
        """Add the picture of a part at a cell; beyond the limit it is reported without bytes."""
        self._used.add(part)
        reason = TOO_MANY_PICTURES if len(self.found) >= limits.PICTURES else ""
        stored = self.parts.read_later(part) if self.wants and not reason else b""
        self.found.append(SheetPicture(sheet, *position, stored, posixpath.basename(part), reason, drawn))

    def withhold(self, part: str, sheet: str, position: Position, reason: str, code: Code) -> None:
        """Report a picture that the sheet does not show as stored."""
        self._used.add(part)
        self.found.append(SheetPicture(sheet, *position, b"", posixpath.basename(part), reason, code=code))

    def hide(self, sheet: str, reason: str) -> None:
        """Withhold the pictures of a hidden sheet."""
        for number, each in enumerate(self.found):
            if each.sheet == sheet and not each.reason:
                self.found[number] = each._replace(stored=b"", reason=reason, code=Code.PICTURE_EFFECT)

    def refuse(self, name: str, reason: str, sheet: str, position: Position) -> None:
        """Report a picture that is not in the file."""
        self.found.append(SheetPicture(sheet, *position, b"", name, reason))

    def pass_over(self, part: str) -> None:
        """Ignore the companion of a picture: its vector drawing, the photo before editing."""
        self._used.add(part)

    def place_left(self) -> None:
        """Report every picture that is on no sheet, so that no sent picture is ignored silently."""
        for part in sorted(self.parts.names - self._used):
            if part.startswith(_MEDIA):
                self.refuse(posixpath.basename(part), "どのセルの写真か分かりません", "", (0, 0))


def pictures_in_cells(parts: Parts) -> dict[int, str]:
    """Return the parts of pictures placed in cells, by the number in the cell's value.

    A cell's `vm` leads over valueMetadata, rich values and their relations to the part.
    """
    values, targets = "xl/richdata/rdrichvalue.xml", "xl/richdata/richvaluerel.xml"
    if not {"xl/metadata.xml", values, targets} <= parts.names:
        return {}
    relations = parts.relations(targets)
    images = [relations.get(attribute(each, "id"), ("", ""))[1] for each in parts.xml(targets)]
    of_value = []
    for rich in parts.xml(values):
        number = next((whole(each.text) for each in rich if local(each) == "v"), len(images))
        of_value.append(images[number] if number < len(images) else "")
    metadata = parts.xml("xl/metadata.xml")
    rich_values = [whole(each.get("i")) for each in metadata.iter() if local(each) == "rvb"]
    found = {}
    for block in (each for each in metadata if local(each) == "valueMetadata"):
        for number, record in enumerate((each for each in block.iter() if local(each) == "rc"), start=1):
            index = whole(record.get("v"))
            if index < len(rich_values) and rich_values[index] < len(of_value):
                found[number] = of_value[rich_values[index]]
    return found
