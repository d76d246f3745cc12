"""What lies over the cells of an .xlsx: floating pictures, pictures placed in a cell, text boxes, diagrams, comments."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.files.safe_zip import UNPACKING_ERRORS
from kama_excel.spreadsheets.cells import UNCROPPED, Cropped, Note, SheetPicture
from kama_excel.spreadsheets.reading.marks import TOO_MANY_PICTURES, Position
from kama_excel.spreadsheets.reading.xlsx_parts import Parts, attribute, local, whole

_MEDIA = ("xl/media/", "media/")
_LINKED = "写真そのものではなく、別の場所の写真へのリンクです"


class Media:
    """The pictures of one workbook, and which of them were found on a sheet; without their bytes if nobody `wants` them."""

    def __init__(self, parts: Parts, *, wants: bool) -> None:
        self.parts = parts
        self.wants = wants
        self.found: list[SheetPicture] = []
        self._used: set[str] = set()

    def place(self, part: str, sheet: str, position: Position, cropped: Cropped = UNCROPPED) -> None:
        """Take the picture in a part as one that lies at a cell; what is beyond the limit is named without its bytes."""
        name, reason, content = posixpath.basename(part), "", b""
        self._used.add(part)
        if len(self.found) >= limits.PICTURES:
            reason = TOO_MANY_PICTURES
        elif self.wants and part in self.parts.names:
            try:
                content = self.parts.read(part)
            except UNPACKING_ERRORS:
                reason = "写真のデータが壊れています"
        self.found.append(SheetPicture(sheet, *position, content, name, reason, cropped))

    def refuse(self, name: str, reason: str, sheet: str, position: Position) -> None:
        """Name a picture that is not there."""
        self.found.append(SheetPicture(sheet, *position, b"", name, reason))

    def pass_over(self, part: str) -> None:
        """Take a part for what a program keeps beside a picture: its drawing in lines, the photo before it was touched up."""
        self._used.add(part)

    def place_left(self) -> None:
        """Name every picture that lies on no sheet: nothing that was sent goes unnamed."""
        for part in sorted(self.parts.names - self._used):
            if part.startswith(_MEDIA) and not part.endswith("/"):
                self.refuse(posixpath.basename(part), "どのセルの写真か分かりません", "", (0, 0))


def read_drawing(parts: Parts, part: str, sheet: str, media: Media) -> Iterator[Note]:
    """Take a drawing's pictures, each at the cell of its upper left corner; yield its text boxes and diagrams.

    The anchor of a control (a checkbox) does not stand beside the others but inside an alternative.
    """
    relations = parts.relations(part)
    for anchor in (each for each in parts.xml(part).iter() if local(each).endswith("Anchor")):
        position = _corner(anchor)
        cropped = dict(_cropped_blips(anchor))
        for each in anchor.iter():
            match local(each):
                case "blip" if embedded := attribute(each, "embed"):
                    media.place(relations.get(embedded, ("", ""))[1], sheet, position, cropped.get(each, UNCROPPED))
                case "blip" if attribute(each, "link"):
                    media.refuse("", _LINKED, sheet, position)
                case "svgBlip" | "imgLayer":
                    media.pass_over(relations.get(attribute(each, "embed"), ("", ""))[1])
                case "relIds" if text := _diagram_words(parts, relations.get(attribute(each, "dm"), ("", ""))[1]):
                    yield Note("図形", *position, text)
                case "txBody" if text := _words(each).strip():
                    yield Note("図形", *position, text)


def _cropped_blips(anchor: Element) -> Iterator[tuple[Element, Cropped]]:
    """Yield the pictures of an anchor that are cropped."""
    for fill in anchor.iter():
        parts = {local(each): each for each in fill}
        if "blip" in parts and "srcRect" in parts:
            left, top, right, bottom = (max(0.0, _part(parts["srcRect"].get(side, ""))) for side in "ltrb")
            if left + right < 1 and top + bottom < 1:
                yield parts["blip"], (left, top, right, bottom)


def _part(text: str) -> float:
    """Read a part of a length: thousandths of a percent or, in strict files, 25%; 0 for anything else."""
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else int(text) / 100_000
    except (ValueError, OverflowError):  # no figure, or one of hundreds of digits
        return 0.0


def _diagram_words(parts: Parts, part: str) -> str:
    """Return what stands in the boxes of a diagram (SmartArt), a line for each."""
    paragraphs = (each for each in parts.xml(part).iter() if local(each) == "p") if part in parts.names else ()
    return "\n".join(filter(None, (_words(each).strip() for each in paragraphs)))


def read_comments(parts: Parts, part: str) -> Iterator[tuple[str, str]]:
    """Yield address and words of every comment, of the threaded ones too."""
    for comment in parts.xml(part).iter():
        if local(comment) in ("comment", "threadedComment"):
            yield comment.get("ref", ""), _words(comment).strip()


def pictures_in_cells(parts: Parts) -> dict[int, str]:
    """Return the parts of the pictures placed in a cell, by the number that such a cell has for its value.

    From the cell's `vm` the way leads over valueMetadata, rich values and their relations to the part.
    """
    values, targets = "xl/richData/rdrichvalue.xml", "xl/richData/richValueRel.xml"
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


def _corner(anchor: Element) -> Position:
    """Return the cell of an anchor's upper left corner; A1 for one that is placed by length."""
    start = next((each for each in anchor if local(each) == "from"), ())
    numbers = {local(each): whole(each.text) for each in start}
    return numbers.get("row", 0) + 1, numbers.get("col", 0) + 1


def _words(element: Element) -> str:
    """Join the runs of a text, one line per paragraph; the reading aid over a word (furigana) is not part of it."""
    pieces: list[str] = []
    for each in element:
        match local(each):
            case "t":
                pieces.append(each.text or "")
            case "text":  # of a thread the words themselves, of a plain comment what holds their runs
                pieces += ((each.text or "").strip(), _words(each))
            case "rPh":
                pass
            case name:
                pieces.append(_words(each))
                if name == "p" and pieces[-1]:
                    pieces.append("\n")
    return "".join(pieces)
