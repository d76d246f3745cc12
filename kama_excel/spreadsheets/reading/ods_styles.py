"""Styles of an .ods.

Those with a name of their own are in styles.xml; those of content.xml inherit from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from kama_excel.spreadsheets.reading.colours import BLACK, WHITE, look_alike, rgb
from kama_excel.spreadsheets.reading.conditional_formats import Criterion, Effect, Look, asked_cell, comparison
from kama_excel.spreadsheets.reading.rich_text import SMALLEST, Run
from kama_excel.spreadsheets.reading.xml_documents import attribute, local, whole

_COMPARED = re.compile(r"(?:cell-content\(\))?\s*(<=|>=|!=|<|>|=)(.+)", re.DOTALL)
_BETWEEN = re.compile(r"(?:cell-content-is-)?(not-)?between\(([^,]+),([^,]+)\)")
_TEXTUAL = re.compile(r"(not-)?(contains-text|begins-with|ends-with)\((.+)\)", re.DOTALL)
_FORMULA = re.compile(r"(?:formula-is|is-true-formula)\((.+)\)", re.DOTALL)
_CELL = re.compile(r"\[\.([$A-Z0-9]+)\]")
_TEXTS = {"contains-text": "contains", "begins-with": "begins", "ends-with": "ends"}
_POINTS = re.compile(r"([0-9.]+)pt")
_MOST_PARENTS, _MOST_DECIMALS = 20, 20
_UNKNOWN, _NOTHING = "[不明]", ";;;"
"""Number format codes: one that is not evaluated here, and one that shows nothing."""

Style = tuple[str, str]
"""Family (table-cell, text, graphic, …) and name of a style."""


@dataclass(slots=True)
class OdsStyles:
    """The styles of a document; properties are named with their kind, as `text.color`."""

    properties: dict[Style, dict[str, str]] = field(default_factory=dict)
    parents: dict[Style, Style] = field(default_factory=dict)
    maps: dict[Style, list[tuple[str, str, str]]] = field(default_factory=dict)
    """Conditional formats of a cell style.

    Each has a condition, the name of the applied style, and the cell that a formula is written for.
    """
    codes: dict[str, str] = field(default_factory=dict)
    """Number format codes by name, as far as conditional formats need them."""
    names: dict[str, str] = field(default_factory=dict)
    """Names of cell styles by the name that is displayed."""
    _resolved: dict[Style, Mapping[str, str]] = field(default_factory=dict)
    _conditions: dict[str, tuple[tuple[Effect, Criterion | None, str], ...]] = field(default_factory=dict)
    _looks: dict[str, tuple[Look, bool]] = field(default_factory=dict)

    def add(self, root: Element) -> None:
        """Add the styles of a document, or of a part of it."""
        for each in root.iter():
            kind = local(each)
            if kind in ("style", "default-style"):
                self._add_style(each)
            elif kind.endswith("-style") and (name := attribute(each, "name")):
                self.codes[name] = _code(each)

    def _add_style(self, element: Element) -> None:
        style = (attribute(element, "family"), attribute(element, "name"))
        if style[1]:
            self.parents[style] = (style[0], attribute(element, "parent-style-name"))
            self.names[attribute(element, "display-name")] = style[1]
        found = self.properties[style] = {"format": attribute(element, "data-style-name")}
        for each in element:
            kind = local(each)
            if kind == "map":
                names = ("condition", "apply-style-name", "base-cell-address")
                condition, applied, base = (attribute(each, name) for name in names)
                self.maps.setdefault(style, []).append((condition, applied, base))
            elif kind.endswith("-properties"):
                kind = kind.removesuffix("-properties")
                found.update({f"{kind}.{name.rpartition('}')[2]}": value for name, value in each.items()})

    def _ancestry(self, style: Style) -> list[Style]:
        """Return a style and those that it inherits from, itself first."""
        found = [style]
        while found[-1] in self.parents and len(found) < _MOST_PARENTS:
            found.append(self.parents[found[-1]])
        return found

    def _joined(self, styles: list[Style]) -> dict[str, str]:
        joined: dict[str, str] = {}
        for each in reversed(styles):
            joined |= {name: value for name, value in self.properties.get(each, {}).items() if value}
        return joined

    def of(self, family: str, name: str) -> Mapping[str, str]:
        """Return the properties of a style with those that it inherits."""
        style = (family, name)
        if style not in self._resolved:
            self._resolved[style] = self._joined(self._ancestry(style))
        return self._resolved[style]

    def is_struck(self, family: str, name: str) -> bool:
        """Return whether texts of this style are struck out."""
        return _strikes(self.of(family, name))

    def look(self, name: str) -> tuple[Look, bool]:
        """Return the colours of a cell, and whether a text in it can be read."""
        if name not in self._looks:
            style = self.of("table-cell", name)
            letters, ground = _letters(style), _ground(style)
            look = (BLACK if letters is None else letters, WHITE if ground is None else ground)
            self._looks[name] = (look, not (look_alike(*look) or _is_tiny(style)))
        return self._looks[name]

    def run(self, name: str) -> Run:
        """Return the look of a part of a text, without its text."""
        style = self.of("text", name)
        position = style.get("text.text-position", "")
        raised = -1 if position.startswith(("sub", "-")) else 1 if position.strip("0% 1") else 0
        return Run("", _letters(style), raised, _is_tiny(style))

    def conditions(self, name: str) -> tuple[tuple[Effect, Criterion | None, str], ...]:
        """Return the conditional formats of a cell style that change a text.

        Each has the cell that it is written for.
        """
        if name not in self._conditions:
            maps = (each for style in self._ancestry(("table-cell", name)) for each in self.maps.get(style, ()))
            found = ((*self.conditional(condition, applied, name), base) for condition, applied, base in maps)
            self._conditions[name] = tuple(each for each in found if each[0] != Effect())
        return self._conditions[name]

    def conditional(self, condition: str, applied: str, name: str = "") -> tuple[Effect, Criterion | None]:
        """Return the conditional format that applies a style to cells of the style `name`.

        Its effect, and its condition if it can be decided.
        """
        before = self._ancestry(("table-cell", name))
        changes = self._joined([each for each in self._ancestry(("table-cell", applied)) if each not in before])
        code = self.codes.get(changes["format"], _UNKNOWN) if "format" in changes else None
        return Effect(code, _strikes(changes), _letters(changes), _ground(changes)), _criterion(condition)


def _strikes(properties: Mapping[str, str]) -> bool:
    line = "text.text-line-through"
    return properties.get(f"{line}-style", properties.get(f"{line}-type", "none")) != "none"


def _letters(properties: Mapping[str, str]) -> str | None:
    return rgb(properties["text.color"]) if "text.color" in properties else None


def _ground(properties: Mapping[str, str]) -> str | None:
    ground = properties.get("table-cell.background-color")
    return WHITE if ground == "transparent" else None if ground is None else rgb(ground)


def _is_tiny(properties: Mapping[str, str]) -> bool:
    size = _POINTS.fullmatch(properties.get("text.font-size", ""))
    return size is not None and float(size[1]) < SMALLEST


def _criterion(condition: str) -> Criterion | None:
    """Return a condition; None if it cannot be decided."""
    condition = condition.strip()
    if match := _COMPARED.fullmatch(condition):
        return comparison(match[1].replace("!=", "<>"), [match[2]])
    if match := _BETWEEN.fullmatch(condition):
        return comparison("between", [match[2], match[3]], is_negated=bool(match[1]))
    if match := _TEXTUAL.fullmatch(condition):
        return comparison(_TEXTS[match[2]], [match[3]], is_negated=bool(match[1]))
    if match := _FORMULA.fullmatch(condition):
        return asked_cell(_CELL.sub(r"\1", match[1]))
    return (
        Criterion("error", is_negated=condition == "is-no-error") if condition in ("is-error", "is-no-error") else None
    )


def _code(style: Element) -> str:
    """Return the number format code of a style, if it only rounds, groups or adds %."""
    kind = local(style)
    if kind == "text-style" and not any(local(each) == "text-content" for each in style):
        return _NOTHING
    pieces = list(_pieces(style)) if kind in ("number-style", "percentage-style") else [_UNKNOWN]
    return _UNKNOWN if _UNKNOWN in pieces else "".join(pieces)


def _pieces(style: Element) -> Iterator[str]:
    for each in style:
        kind, text = local(each), (each.text or "").strip()
        if kind == "number" and not len(each) and attribute(each, "display-factor") in ("", "1"):
            decimals = min(whole(attribute(each, "decimal-places")), _MOST_DECIMALS)
            yield ("#,##0" if attribute(each, "grouping") == "true" else "0") + "." * bool(decimals) + "0" * decimals
        elif kind == "text" and text in ("", "%"):
            yield text
        elif kind != "text-properties":
            yield _UNKNOWN
