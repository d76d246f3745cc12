"""Locate the shapes over the cells of an .ods, and the pictures that are shown unchanged."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import SheetPicture, position
from kama_excel.spreadsheets.reading.covered_cells import PICTURE, SHAPE, Cover
from kama_excel.spreadsheets.reading.ods_styles import OdsStyles
from kama_excel.spreadsheets.reading.sheet_geometry import EMU_A_PIXEL, LEGIBLE, Box, Grid
from kama_excel.spreadsheets.reading.xlsx_drawings import BORDERED, SHAPED, WIDEST_BORDER
from kama_excel.spreadsheets.reading.xlsx_pictures import COVERED, HIDDEN
from kama_excel.spreadsheets.reading.xml_documents import whole

PICTURES = "Pictures/"
_CROPPED = "トリミングした写真は、この形式（.ods）からは取り出せません。.xlsx で保存し直してください"
_TURNED = "回転・反転した写真は、この形式（.ods）からは取り出せません。.xlsx で保存し直してください"
_EFFECT = "明るさ・色・透明などの効果が付いています"
_LINKED = "写真そのものではなく、別の場所の写真へのリンクです"
_PLAIN = {
    "luminance": "0%",
    "contrast": "0%",
    "gamma": "100%",
    "red": "0%",
    "green": "0%",
    "blue": "0%",
    "image-opacity": "100%",
    "color-mode": "standard",
    "softedge-radius": "0cm",
    "mirror": "none",
}
"""Style properties that change a picture's look, with the values that change nothing."""
_HARMLESS = (
    *(
        "stroke",
        "fill",
        "textarea",
        "auto-grow",
        "padding",
        "wrap",
        "shadow",
        "glow",
        "margin",
        "border",
        "min-",
        "max-",
    ),
    *("horizontal", "vertical", "flow", "run-through", "protect", "writing-mode", "decorative", "print", "fit-to"),
    *("number-wrapped", "allow-overlap", "background", "caption", "marker", "ole-", "rel-", "parent-style", "opacity"),
)
"""The beginnings of style properties that leave a picture unchanged."""
_LENGTH = re.compile(r"(-?[0-9.]+)(in|cm|mm|pt|pc|px)")
_EMU = {"in": 914_400, "cm": 360_000, "mm": 36_000, "pt": 12_700, "pc": 152_400, "px": EMU_A_PIXEL}
_WIDTH, _HEIGHT = 0.8925 * 914_400, 0.178 * 914_400
"""LibreOffice's default column width and row height, where no style sets them."""
_MOST_COLUMNS, _MOST_ROWS = 2_000, 10_000
"""Further ones get the default size: no form uses them."""
_LINES = frozenset({"line", "connector", "polyline"})
COMMENT = "annotation"
_SEEN_THROUGH = 60
"""Up to this opacity, in percent, a text can be read below a shape."""


@dataclass(slots=True)
class _Shape:
    """A shape over the cells: sheet, cell of its corner, rectangle, and picture if any.

    `reach` is the rectangle with the shape's outline. A shape in a hidden row, column or sheet is hidden.
    """

    kind: str
    sheet: str
    row: int
    column: int
    box: Box
    reach: Box
    order: tuple[bool, int]
    """Whether it is in front of the texts, and its order among those."""
    style: str
    is_turned: bool
    is_hidden: bool
    image: str = ""
    has_contour: bool = False
    has_text: bool = False


@dataclass(slots=True)
class Drawings:
    """The shapes of a document in document order."""

    styles: OdsStyles
    shapes: list[_Shape] = field(default_factory=list)
    lefts: list[float] = field(default_factory=lambda: [0.0])
    tops: list[float] = field(default_factory=lambda: [0.0])
    top: float = 0.0
    height: float = 0.0
    hidden_columns: set[int] = field(default_factory=set)
    hides_row: bool = False
    hides_table: bool = False
    groups: list[bool] = field(default_factory=list)
    """The enclosing groups of rows or columns: whether each is collapsed."""

    def begin_table(self, *, is_visible: bool) -> None:
        """Start a sheet."""
        self.lefts, self.tops, self.top = [0.0], [0.0], 0.0
        self.hidden_columns, self.hides_row, self.hides_table = set(), False, not is_visible

    def add_columns(self, here: dict[str, str], count: int) -> None:
        """Add columns of one style."""
        style = self.styles.of("table-column", here.get("style-name", ""))
        width = _length(style["table-column.column-width"]) if "table-column.column-width" in style else _WIDTH
        is_hidden = self._is_hidden(here, width)
        for _ in range(min(count, _MOST_COLUMNS - len(self.lefts))):
            if is_hidden:
                self.hidden_columns.add(len(self.lefts))
            self.lefts.append(self.lefts[-1] + width * (not is_hidden))

    def begin_row(self, here: dict[str, str]) -> None:
        """Start rows of one style."""
        style = self.styles.of("table-row", here.get("style-name", ""))
        self.height = _length(style["table-row.row-height"]) if "table-row.row-height" in style else _HEIGHT
        self.hides_row = self._is_hidden(here, self.height)

    def _is_hidden(self, here: dict[str, str], size: float) -> bool:
        """Return whether rows or columns are hidden, filtered away, collapsed or too small."""
        return here.get("visibility", "visible") != "visible" or any(self.groups) or size < LEGIBLE

    def end_row(self, count: int) -> None:
        """End rows of one style."""
        height = self.height * (not self.hides_row)
        self.tops += (self.top + height * at for at in range(1, min(count, _MOST_ROWS - len(self.tops)) + 1))
        self.top += height * count

    def begin_shape(
        self, kind: str, sheet: str, row: int, column: int, here: dict[str, str], *, is_in_cell: bool
    ) -> None:
        """Start a shape; one over no cell is measured from the sheet's corner."""
        left, top = (self._left(column + 1), self.top) if is_in_cell else (0.0, 0.0)
        if "x2" in here:  # a line, from one point to another
            (x, width), (y, height) = (_span(here, axis) for axis in "xy")
        else:
            x, y, width, height = (_length(here.get(name)) for name in ("x", "y", "width", "height"))
        transform = here.get("transform", "")
        if transform:
            moved = re.search(r"translate\s*\(\s*(\S+?)[\s,]+(\S+?)\s*\)", transform)
            x, y = (left + _length(moved[1]), top + _length(moved[2])) if moved else (left, top)
            reach = math.hypot(width, height)
            box = Box(x - reach, y - reach, x + reach, y + reach)
        else:
            if end := position(here.get("end-cell-address", "").rpartition(".")[2].replace("$", "")):
                # LibreOffice writes a shape into too early a cell if the row is otherwise empty
                left = max(left, self._left(end[1]) + _length(here.get("end-x")) - width - x)
            box = Box(left + x, top + y, left + x + width, top + y + height)
        at = (row + 1, column + 1) if is_in_cell else (0, 0)
        is_hidden = self.hides_table or (is_in_cell and (self.hides_row or column + 1 in self.hidden_columns))
        is_hidden |= here.get("display") in ("none", "printer")
        is_in_front = here.get("layer") != "backgroundobjects"
        order = (is_in_front, whole(here.get("z-index")) if "z-index" in here else len(self.shapes))
        style, is_turned = here.get("style-name", ""), "rotate" in transform or "skew" in transform
        outlined = box.widened(_outline(self.styles.of("graphic", style))).thick
        self.shapes.append(_Shape(kind, sheet, *at, box, outlined, order, style, is_turned, is_hidden))

    def _left(self, column: int) -> float:
        """Return the left edge of a column (counted from 1), in EMU."""
        return self.lefts[min(column, len(self.lefts)) - 1]

    def take_content(self, kind: str, href: str) -> None:
        """Set the picture of the current shape, or note the line that it is cut along.

        Of several pictures the first counts: a drawing is followed by its copy in pixels.
        """
        if self.shapes and kind != "image":
            self.shapes[-1].has_contour = True
        elif self.shapes and href and not self.shapes[-1].image:
            self.shapes[-1].image = href.removeprefix("./")

    def take_text(self) -> None:
        """Note that the current shape has a text."""
        if self.shapes:
            self.shapes[-1].has_text = True

    @property
    def grid(self) -> Grid:
        """The grid of the current sheet."""
        return Grid(self.lefts, self.tops, _WIDTH, _HEIGHT)

    def covers(self, sheet: str) -> Iterator[Cover]:
        """Yield the drawings of a sheet without words that cannot be seen through."""
        mine = (each for each in self.shapes if each.sheet == sheet)
        for shape in (each for each in mine if not (each.is_hidden or each.has_text)):
            style = self.styles.of("graphic", shape.style)
            is_line = shape.kind in _LINES
            if shape.kind == COMMENT or not (shape.image or _is_opaque(shape.kind, style, is_line=is_line)):
                continue
            # the rectangle of a turned shape is twice as large as the shape
            box = shape.box.widened(-shape.box.shorter / 4) if shape.is_turned else shape.box
            is_picture = shape.image.startswith(PICTURES)
            yield Cover.of(PICTURE if is_picture else SHAPE, box, is_line=is_line)

    def pictures(self) -> Iterator[SheetPicture]:
        """Yield the pictures with their part as name, and with a reason if one is refused."""
        for shape in (each for each in self.shapes if each.image):
            reason, code = _effect(shape, self.styles.of("graphic", shape.style)), Code.PICTURE_EFFECT
            if not shape.image.startswith(PICTURES):
                if "://" not in shape.image:
                    continue  # the preview image of a chart
                reason, code = _LINKED, Code.PICTURE_UNREADABLE
            elif shape.is_hidden or not shape.box.has_size:
                reason = HIDDEN
            elif self._is_covered(shape):
                reason, code = COVERED, Code.PICTURE_COVERED
            elif shape.is_turned:
                reason = _TURNED
            yield SheetPicture(shape.sheet, shape.row, shape.column, b"", shape.image, reason, code=code)

    def _is_covered(self, shape: _Shape) -> bool:
        """Return whether another shape above, or another picture, overlaps this one.

        The upper one may be a mask.
        """
        return any(
            other is not shape
            and other.sheet == shape.sheet
            and not other.is_hidden
            and (other.order > shape.order or other.image)
            and (other.box if other.image else other.reach).overlaps(shape.box)
            for other in self.shapes
        )


def _is_opaque(kind: str, style: Mapping[str, str], *, is_line: bool) -> bool:
    """Return whether a shape cannot be seen through; a text box has no fill unless it says so."""
    if is_line:
        return style.get("graphic.stroke", "solid") != "none"
    opacity = style.get("graphic.opacity", "").removesuffix("%")
    is_solid = not opacity.isdigit() or int(opacity) > _SEEN_THROUGH
    return is_solid and style.get("graphic.fill", "none" if kind == "frame" else "solid") != "none"


def _outline(style: Mapping[str, str]) -> float:
    """Return how far an outline extends beyond its shape."""
    return 0.0 if style.get("graphic.stroke", "solid") == "none" else _length(style.get("graphic.stroke-width")) / 2


def _effect(shape: _Shape, style: Mapping[str, str]) -> str:
    """Return the effect on a picture that is not reproduced here, in Japanese; '' for none."""
    if any(each in "123456789" for each in style.get("graphic.clip", "")):
        return _CROPPED
    if style.get("graphic.mirror", "none") != "none":
        return _TURNED
    if shape.has_contour:
        return SHAPED
    if _outline(style) > WIDEST_BORDER * min(shape.box.right - shape.box.left, shape.box.bottom - shape.box.top):
        return BORDERED
    names = (each.removeprefix("graphic.") for each in style if each.startswith("graphic."))
    changing = (each for each in names if each != "clip" and not each.startswith(_HARMLESS))
    return _EFFECT if any(style[f"graphic.{each}"] != _PLAIN.get(each) for each in changing) else ""


def _span(here: dict[str, str], axis: str) -> tuple[float, float]:
    """Return the start and the length of a line on an axis."""
    first, last = sorted(_length(here.get(f"{axis}{end}")) for end in "12")
    return first, last - first


def _length(text: str | None) -> float:
    """Return a length in EMU; 0 if invalid."""
    match = _LENGTH.fullmatch((text or "").strip())
    try:
        return float(match[1]) * _EMU[match[2]] if match else 0.0
    except ValueError:
        return 0.0
