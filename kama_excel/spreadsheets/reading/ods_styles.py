"""Styles of an .ods.

Those with a name of their own are in styles.xml; those of content.xml inherit from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from kama_excel.spreadsheets.reading.colours import look_alike
from kama_excel.spreadsheets.reading.conditional_formats import COMPARISONS, Comparison, Conditional, Effect
from kama_excel.spreadsheets.reading.xml_documents import attribute, local, whole

_BLACK, _WHITE = "#000000", "#ffffff"
_COMPARED = re.compile(r"(?:cell-content\(\))?\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)")
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
    maps: dict[Style, list[tuple[str, str]]] = field(default_factory=dict)
    """Conditional formats of a cell style: condition and name of the applied style."""
    codes: dict[str, str] = field(default_factory=dict)
    """Number format codes by name, as far as conditional formats need them."""
    names: dict[str, str] = field(default_factory=dict)
    """Names of cell styles by the name that is displayed."""
    _resolved: dict[Style, Mapping[str, str]] = field(default_factory=dict)
    _conditions: dict[str, tuple[Conditional, ...]] = field(default_factory=dict)

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
                mapped = (attribute(each, "condition"), attribute(each, "apply-style-name"))
                self.maps.setdefault(style, []).append(mapped)
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

    def is_invisible(self, name: str) -> bool:
        """Return whether the text of such a cell has the colour of its background."""
        return _hides(self.of("table-cell", name))

    def conditions(self, name: str) -> tuple[Conditional, ...]:
        """Return the conditional formats of a cell style that change a text."""
        if name not in self._conditions:
            maps = (each for style in self._ancestry(("table-cell", name)) for each in self.maps.get(style, ()))
            found = (self.conditional(condition, applied, name) for condition, applied in maps)
            self._conditions[name] = tuple(each for each in found if each.effect != Effect())
        return self._conditions[name]

    def conditional(self, condition: str, applied: str, name: str = "") -> Conditional:
        """Return the conditional format that applies a style to cells of the style `name`."""
        before = self._ancestry(("table-cell", name))
        added = [each for each in self._ancestry(("table-cell", applied)) if each not in before]
        changes, after = self._joined(added), self._joined([*added, *before])
        code = self.codes.get(changes["format"], _UNKNOWN) if "format" in changes else None
        return Conditional(Effect(code, _strikes(changes), hides=_hides(after)), _comparison(condition))


def _strikes(properties: Mapping[str, str]) -> bool:
    line = "text.text-line-through"
    return properties.get(f"{line}-style", properties.get(f"{line}-type", "none")) != "none"


def _hides(properties: Mapping[str, str]) -> bool:
    ground = properties.get("table-cell.background-color", _WHITE).replace("transparent", _WHITE)
    return look_alike(properties.get("text.color", _BLACK), ground)


def _comparison(condition: str) -> Comparison | None:
    match = _COMPARED.fullmatch(condition.strip())
    return (COMPARISONS[match[1]], float(match[2])) if match else None


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
