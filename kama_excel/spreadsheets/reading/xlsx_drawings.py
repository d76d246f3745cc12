"""Drawings over the cells of an .xlsx: pictures as shown, text boxes, diagrams.

A picture is used where everything that the sheet does with it can be reproduced here: cropped, mirrored, turned.
A picture that is covered, even in part, or that has anything else that is not known to leave it unchanged, is
reported and not used: what the sheet hides may be a face.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import UNCROPPED, Cropped, Drawn, Note, Position
from kama_excel.spreadsheets.reading.covered_cells import PICTURE, SHAPE, Cover
from kama_excel.spreadsheets.reading.sheet_geometry import Box, Grid
from kama_excel.spreadsheets.reading.xlsx_comments import diagram_words, words_of
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xlsx_pictures import COVERED, HIDDEN, Media
from kama_excel.spreadsheets.reading.xml_documents import attribute, is_true, local, whole

_LINKED = "写真そのものではなく、別の場所の写真へのリンクです"
_EFFECT = "明るさ・色・透明・ぼかしなどの効果が付いています"
SHAPED = "四角形以外の形に切り抜かれています"
_GROUP_TURNED = "グループごと回転・反転されています"
_GROUP_EFFECT = "グループに効果が付いています"
_FULL_TURN = 360 * 60_000
BORDERED = "太い枠線が、写真の縁にかかっています"
_VECTOR = "SVG形式の図です"
_CAMERA = "ほかのセルを写した図（リンク貼り付けの図）です"
_HARMLESS_EFFECTS = frozenset({"outerShdw", "glow", "reflection", "prstShdw"})
"""Effects drawn around a picture that do not change it."""
_FILLS = frozenset({"noFill", "solidFill", "gradFill", "pattFill", "grpFill"})
_CONNECTORS = ("Connector1", "Connector2", "Connector3", "Connector4", "Connector5")
_SEEN_THROUGH = 0.6
"""Up to this opacity a text can be read below a shape: a marker."""
_HARMLESS_PROPERTIES = frozenset({"xfrm", "prstGeom", "ln", "effectLst", "scene3d", "extLst"}) | _FILLS
"""Properties that leave a picture unchanged, or whose content is checked."""
_HARMLESS_EXTENSIONS = frozenset(
    {
        *("useLocalDpi", "imgProps", "shadowObscured", "picAttrSrcUrl"),
        *(f"hidden{name}" for name in ("Fill", "Line", "Effects", "Scene3d", "Sp3d")),
    }
)
WIDEST_BORDER = 0.05
"""The part of a picture's shorter side that its border may cover."""
_SHAPES = frozenset({"sp", "pic", "cxnSp", "graphicFrame", "contentPart"})
_MOST_NESTED = 8


class _Groups(NamedTuple):
    """The enclosing groups: how many, and whether any is turned, has an effect or is hidden."""

    depth: int = 0
    is_turned: bool = False
    has_effects: bool = False
    is_hidden: bool = False


_NO_GROUPS = _Groups()


class _Shape(NamedTuple):
    """A shape of a drawing: its element, rectangle, anchor cell, and what its groups change."""

    element: Element
    box: Box
    corner: Position
    groups: _Groups = _NO_GROUPS

    @property
    def border(self) -> float:
        """The width of the outline on each side of the edge; 0 without one."""
        line = _child(_child(self.element, "spPr"), "ln")
        return 0.0 if line is None or _child(line, "noFill") is not None else _number(line, "w") / 2

    @property
    def reach(self) -> Box:
        """The rectangle that the shape covers with its outline and its effects."""
        listed = _child(_child(self.element, "spPr"), "effectLst")
        effects = [_reach_of(each, self.box) for each in (() if listed is None else listed)]
        return self.box.widened(max([self.border, *effects])).thick


class _Space(NamedTuple):
    """The mapping from coordinates inside a group to those of the sheet."""

    left: float
    top: float
    across: float
    down: float

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """Convert a rectangle of the group to one of the sheet."""
        left, top = self.left + x * self.across, self.top + y * self.down
        return Box(left, top, left + width * self.across, top + height * self.down)


class Drawing:
    """A drawing of a sheet: its shapes from the lowest to the topmost."""

    def __init__(self, parts: Parts, part: str, geometry: Grid) -> None:
        self.parts = parts
        self.geometry = geometry
        self.targets = {number: target for number, (_, target) in parts.relations(part).items()}
        anchors = list(_anchors(parts.xml(part)))
        self.anchors = [anchor for anchor, is_first in anchors if is_first]
        self.shapes = [shape for anchor in self.anchors for shape in _shapes_of(anchor, geometry)]
        others = (anchor for anchor, is_first in anchors if not is_first)
        self.others = [shape.reach for anchor in others for shape in _shapes_of(anchor, geometry)]
        """The rectangles of shapes that other programs show as an alternative."""

    @property
    def boxes(self) -> list[Box]:
        """The rectangles of all shapes."""
        return [*self.others, *(each.reach for each in self.shapes)]

    def covers(self) -> Iterator[Cover]:
        """Yield the drawings without words that cannot be seen through."""
        for shape in self.shapes:
            element = shape.element
            is_picture, is_line = local(element) == "pic", _is_line(element)
            if any(local(each) == "t" and (each.text or "").strip() for each in element.iter()):
                continue
            if (
                _is_hidden(element)
                or shape.groups.is_hidden
                or not (is_picture or _is_opaque(element, is_line=is_line))
            ):
                continue
            # the rectangle of a turned shape is twice as large as the shape
            box = shape.box.widened(-shape.box.shorter / 4) if _turn(element) else shape.box
            yield Cover.of(PICTURE if is_picture else SHAPE, box, is_line=is_line)

    def take_pictures(self, sheet: str, media: Media, above: Sequence[Box]) -> None:
        """Collect the pictures, each at the cell of its upper left corner.

        `above` are the rectangles over the whole drawing. A later shape is above an earlier one. Overlapping
        pictures are all refused: the upper one may be a mask.
        """
        for number, shape in enumerate(self.shapes):
            if local(shape.element) != "pic":
                _take_fills(shape, self.targets, sheet, media)
                continue
            over = [*above, *self.others, *(each.reach for each in self.shapes[number + 1 :])]
            over += [each.box for each in self.shapes[:number] if local(each.element) == "pic"]
            is_covered = any(shape.box.overlaps(each) for each in over)
            _take_picture(shape, self.targets, sheet, media, is_covered=is_covered)

    def notes(self, media: Media) -> Iterator[Note]:
        """Yield the text boxes and diagrams; register the hidden companions of pictures."""
        for anchor in self.anchors:
            yield from self._notes(anchor, media)

    def _notes(self, anchor: Element, media: Media) -> Iterator[Note]:
        corner = _corner(anchor, self.geometry)
        for each in anchor.iter():
            match local(each):
                case "svgBlip" | "imgLayer":
                    media.pass_over(self.targets.get(attribute(each, "embed"), ""))
                case "relIds" if text := diagram_words(self.parts, self.targets.get(attribute(each, "dm"), "")):
                    yield Note("図形", *corner, text)
                case "txBody" if text := words_of(each).strip():
                    yield Note("図形", *corner, text)


def _anchors(parent: Element, *, is_first: bool = True) -> Iterator[tuple[Element, bool]]:
    """Yield the anchors, each with whether it is the first alternative or none at all.

    A control's anchor is an alternative.
    """
    for each in parent:
        if local(each).endswith("Anchor"):
            yield each, is_first
        elif local(each) == "AlternateContent":
            for number, alternative in enumerate(each):
                yield from _anchors(alternative, is_first=is_first and number == 0)


def _take_picture(shape: _Shape, targets: dict[str, str], sheet: str, media: Media, *, is_covered: bool) -> None:
    """Collect a picture, or report it if what the sheet shows cannot be reproduced."""
    blip = next((each for each in shape.element.iter() if local(each) == "blip"), None)
    if blip is None:
        return
    embedded = attribute(blip, "embed")
    if not embedded:
        media.refuse("", _LINKED, sheet, shape.corner)
        return
    drawn = _drawn(shape.element)
    is_hidden = shape.groups.is_hidden or _is_hidden(shape.element) or not shape.box.has_size
    reason = HIDDEN if is_hidden else COVERED if is_covered else _effect(shape, blip)
    if reason:
        code = Code.PICTURE_COVERED if reason == COVERED else Code.PICTURE_EFFECT
        media.withhold(targets.get(embedded, ""), sheet, shape.corner, reason, code)
    else:
        media.place(targets.get(embedded, ""), sheet, shape.corner, drawn)


def _take_fills(shape: _Shape, targets: dict[str, str], sheet: str, media: Media) -> None:
    """Report pictures that fill a shape: how one looks depends on the shape."""
    for blip in (each for each in shape.element.iter() if local(each) == "blip"):
        if embedded := attribute(blip, "embed"):
            media.withhold(targets.get(embedded, ""), sheet, shape.corner, SHAPED, Code.PICTURE_EFFECT)
        elif attribute(blip, "link"):
            media.refuse("", _LINKED, sheet, shape.corner)


def _shapes_of(anchor: Element, geometry: Grid) -> Iterator[_Shape]:
    """Yield the shapes of an anchor from the lowest to the topmost, with those of groups."""
    box, corner = _anchor_box(anchor, geometry), _corner(anchor, geometry)
    for each in _drawn_children(anchor):
        if local(each) == "grpSp":
            yield from _group_shapes(each, box, corner, geometry)
        elif not _is_hidden(each) or local(each) == "pic":
            shown = _turned_box(each, box)
            is_turned = local(each) == "pic" and _turn(each) != 0
            yield _Shape(each, shown, geometry.cell_at(*box.middle) if is_turned else corner)


def _drawn_children(parent: Element) -> Iterator[Element]:
    """Yield the shapes and groups in an element.

    Programs show one alternative or another (`mc:AlternateContent`): any may cover, only the first one's pictures
    are used.
    """
    for each in parent:
        name = local(each)
        if name in _SHAPES or name == "grpSp":
            yield each
        elif name == "AlternateContent":
            for number, alternative in enumerate(each):
                shown = _drawn_children(alternative)
                yield from (child for child in shown if number == 0 or local(child) != "pic")


def _group_shapes(
    group: Element, box: Box, corner: Position, geometry: Grid, above: _Groups = _NO_GROUPS
) -> Iterator[_Shape]:
    """Yield the shapes of a group at their positions; those of a turned group have its box."""
    properties = _child(group, "grpSpPr")
    transform = _child(properties, "xfrm")
    is_turned = above.is_turned or _is_turned_or_flipped(transform)
    has_effects = above.has_effects or _has_effects(properties)
    groups = _Groups(above.depth + 1, is_turned, has_effects, above.is_hidden or _is_hidden(group))
    inner = _inner_space(transform, box)
    for each in _drawn_children(group):
        of_child = _child(_child(each, "grpSpPr" if local(each) == "grpSp" else "spPr"), "xfrm")
        if of_child is None:
            of_child = _child(each, "xfrm")
        off, ext = _child(of_child, "off"), _child(of_child, "ext")
        if inner is None or is_turned or off is None or ext is None:
            mine, place = box, corner
        else:
            mine = inner.box(_number(off, "x"), _number(off, "y"), _number(ext, "cx"), _number(ext, "cy"))
            place = geometry.cell_at(mine.left, mine.top)
        if local(each) == "grpSp":
            if above.depth < _MOST_NESTED:
                yield from _group_shapes(each, mine, place, geometry, groups)
        elif local(each) == "pic" or not (groups.is_hidden or _is_hidden(each)):
            yield _Shape(each, _turned_box(each, mine), place, groups)


def _inner_space(transform: Element | None, box: Box) -> _Space | None:
    offset, extent = _child(transform, "chOff"), _child(transform, "chExt")
    if offset is None or extent is None or not _number(extent, "cx") or not _number(extent, "cy"):
        return None
    across = (box.right - box.left) / _number(extent, "cx")
    down = (box.bottom - box.top) / _number(extent, "cy")
    return _Space(box.left - _number(offset, "x") * across, box.top - _number(offset, "y") * down, across, down)


def _anchor_box(anchor: Element, geometry: Grid) -> Box:
    """Return the rectangle of an anchor.

    An anchor is between two cells, or has a size at a cell or at a point.
    """
    start, end, size, point = (_child(anchor, name) for name in ("from", "to", "ext", "pos"))
    left, top = _cell_point(start, geometry) if start is not None else (_number(point, "x"), _number(point, "y"))
    if end is not None:
        right, bottom = _cell_point(end, geometry)
    else:
        right, bottom = left + _number(size, "cx"), top + _number(size, "cy")
    return Box(left, top, right, bottom)


def _corner(anchor: Element, geometry: Grid) -> Position:
    """Return the cell of an anchor's upper left corner."""
    start = _child(anchor, "from")
    if start is None:
        point = _child(anchor, "pos")
        return geometry.cell_at(_number(point, "x"), _number(point, "y"))
    return whole(_text(start, "row")) + 1, whole(_text(start, "col")) + 1


def _cell_point(marker: Element, geometry: Grid) -> tuple[float, float]:
    row, column = whole(_text(marker, "row")), whole(_text(marker, "col"))
    return geometry.point(row, column, _integer(_text(marker, "rowOff")), _integer(_text(marker, "colOff")))


def _turned_box(shape: Element, box: Box) -> Box:
    """Return a rectangle that contains a turned shape at any angle."""
    if not _turn(shape):
        return box
    x, y = box.middle
    reach = math.hypot(box.right - box.left, box.bottom - box.top) / 2
    return Box(x - reach, y - reach, x + reach, y + reach)


def _is_line(shape: Element) -> bool:
    geometry = _child(_child(shape, "spPr"), "prstGeom")
    kind = "" if geometry is None else geometry.get("prst", "")
    return local(shape) == "cxnSp" or kind == "line" or kind.endswith(_CONNECTORS)


def _is_opaque(shape: Element, *, is_line: bool) -> bool:
    """Return whether a shape cannot be seen through: it has a fill that is not transparent.

    A line needs no fill. A shape without a fill of its own has that of its style.
    """
    if local(shape) in ("graphicFrame", "contentPart"):
        return local(shape) == "graphicFrame"
    properties = _child(shape, "spPr")
    if is_line:
        return _child(_child(properties, "ln"), "noFill") is None
    fill = next(
        (each for each in (() if properties is None else properties) if local(each) in (*_FILLS, "blipFill")), None
    )
    if fill is None:
        style = _child(_child(shape, "style"), "fillRef")
        return style is not None and style.get("idx", "0") not in ("0", "1000")
    alphas = [_part(each.get("val", "100000")) for each in fill.iter() if local(each) == "alpha"]
    return local(fill) != "noFill" and all(each > _SEEN_THROUGH for each in alphas)


def _drawn(picture: Element) -> Drawn:
    """Return how the sheet displays a picture."""
    transform = _child(_child(picture, "spPr"), "xfrm")
    flips = [transform is not None and is_true(transform.get(name)) for name in ("flipH", "flipV")]
    return Drawn(_cropped(picture), flips[0], flips[1], _turn(picture))


def _turn(shape: Element) -> float:
    """Return by how many degrees a shape is turned clockwise (0 ≤ n < 360)."""
    transform = _child(_child(shape, "spPr"), "xfrm")
    return (_integer(transform.get("rot", "")) % _FULL_TURN) / 60_000 if transform is not None else 0.0


def _is_turned_or_flipped(transform: Element | None) -> bool:
    if transform is None:
        return False
    flips = any(is_true(transform.get(name)) for name in ("flipH", "flipV"))
    return flips or _integer(transform.get("rot", "")) % _FULL_TURN != 0


def _cropped(picture: Element) -> Cropped:
    left, top, right, bottom = (max(0.0, each) for each in _insets(_child(_child(picture, "blipFill"), "srcRect")))
    return (left, top, right, bottom) if left + right < 1 and top + bottom < 1 else UNCROPPED


def _insets(rectangle: Element | None) -> list[float]:
    """Return left, top, right and bottom distance of a rectangle from its frame, in parts."""
    return [0.0] * 4 if rectangle is None else [_part(rectangle.get(side, "")) for side in "ltrb"]


def _effect(shape: _Shape, blip: Element) -> str:
    """Return why a picture cannot be reproduced as shown, in Japanese; '' if it can."""
    properties, fill = _child(shape.element, "spPr"), _child(shape.element, "blipFill")
    geometry = _child(properties, "prstGeom")
    inside = {local(each) for each in shape.element.iter()}
    size = min(shape.box.right - shape.box.left, shape.box.bottom - shape.box.top)
    reasons = {
        _VECTOR: "svgBlip" in inside,
        _CAMERA: "cameraTool" in inside,
        _LINKED: bool(attribute(blip, "link")),
        SHAPED: "custGeom" in inside or (geometry is not None and geometry.get("prst", "rect") != "rect"),
        BORDERED: shape.border > WIDEST_BORDER * size,
        _EFFECT: _is_changed(fill, blip) or _has_effects(properties) or _has_theme_effect(shape.element),
        _GROUP_TURNED: shape.groups.is_turned,
        _GROUP_EFFECT: shape.groups.has_effects,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _is_changed(fill: Element | None, blip: Element) -> bool:
    """Return whether the fill of a picture does more than crop and stretch it."""
    insets = _insets(_child(_child(fill, "stretch"), "fillRect"))
    left, top, right, bottom = _insets(_child(fill, "srcRect"))
    is_tiled = fill is not None and not {local(each) for each in fill} <= {"blip", "srcRect", "stretch"}
    is_edited = any(local(each) != "extLst" for each in blip) or any(local(each) == "imgEffect" for each in blip.iter())
    return is_tiled or is_edited or _is_extended(blip) or any(insets) or left + right >= 1 or top + bottom >= 1


def _has_effects(properties: Element | None) -> bool:
    """Return whether properties of a picture or a group change its look."""
    if properties is None:
        return False
    listed = _child(properties, "effectLst")
    effects = {local(each) for each in (() if listed is None else listed)} - _HARMLESS_EFFECTS
    scene = _child(properties, "scene3d")
    is_turned = scene is not None and any(local(each) == "rot" for each in scene.iter())
    unknown = {local(each) for each in properties} - _HARMLESS_PROPERTIES
    return bool(effects or unknown) or is_turned or _is_perspective(properties) or _is_extended(properties)


def _is_extended(element: Element) -> bool:
    """Return whether an element has an extension that is not known to be harmless."""
    found = {local(each) for extension in element.iter() if local(extension) == "ext" for each in extension}
    return not found <= _HARMLESS_EXTENSIONS


def _has_theme_effect(picture: Element) -> bool:
    """Return whether a picture takes an effect of the theme."""
    effect = _child(_child(picture, "style"), "effectRef")
    return effect is not None and effect.get("idx", "0") != "0" and _child(_child(picture, "spPr"), "effectLst") is None


def _reach_of(effect: Element, box: Box) -> float:
    """Return how far a shadow or a glow may reach beyond a shape."""
    scale = max(abs(_part(effect.get(name, "100000"))) for name in ("sx", "sy"))
    larger = max(0.0, scale - 1) * max(box.right - box.left, box.bottom - box.top)
    return larger + sum(_number(effect, name) for name in ("dist", "blurRad", "rad"))


def _is_perspective(properties: Element | None) -> bool:
    camera = _child(_child(properties, "scene3d"), "camera")
    return camera is not None and (camera.get("prst", "orthographicFront") != "orthographicFront" or len(camera) > 0)


def _is_hidden(shape: Element) -> bool:
    names = next((each for each in shape if local(each).startswith("nv")), None)
    own = _child(names, "cNvPr")
    return own is not None and is_true(own.get("hidden"))


def _child(parent: Element | None, name: str) -> Element | None:
    return None if parent is None else next((each for each in parent if local(each) == name), None)


def _text(parent: Element, name: str) -> str:
    child = _child(parent, name)
    return "" if child is None else (child.text or "").strip()


def _number(element: Element | None, name: str) -> float:
    return 0.0 if element is None else float(_integer(element.get(name, "")))


def _integer(text: str) -> int:
    """Parse a whole number of up to 18 digits; 0 for anything else."""
    digits = text.lstrip("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(text) < 19 and text.count("-") <= 1 else 0  # noqa: PLR2004


def _part(text: str) -> float:
    """Parse a fraction of a length; 0 if invalid.

    Thousandths of a percent or, in strict files, a text such as 25%.
    """
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else int(text) / 100_000
    except (ValueError, OverflowError):  # not a number, or one of hundreds of digits
        return 0.0
