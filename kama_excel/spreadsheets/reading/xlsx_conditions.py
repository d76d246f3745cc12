"""Conditional formats of a sheet of an .xlsx."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.spreadsheets.cells import cell_range
from kama_excel.spreadsheets.reading.conditional_formats import (
    Conditional,
    Criterion,
    Effect,
    asked_cell,
    comparison,
)
from kama_excel.spreadsheets.reading.xlsx_styles import Styles, effect_of
from kama_excel.spreadsheets.reading.xml_documents import is_true, local, space_of, whole

_OPERATORS = {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "equal": "=",
    "notEqual": "<>",
    "greaterThanOrEqual": ">=",
    "greaterThan": ">",
}
_TEXTS = {"containsText": "contains", "beginsWith": "begins", "endsWith": "ends"}
_NO_EFFECT = Effect()
_CONTENTS = {"containsBlanks": "blank", "containsErrors": "error"}


def read_conditions(root: Element, styles: Styles) -> list[Conditional]:
    """Return the conditional formats that may change what is read, the first one last.

    Those of Excel 2010 and later are in an extension.
    """
    found = sorted(_conditions(root, styles), key=lambda each: -each[0])
    return [conditional for _, conditional in found]


def _conditions(root: Element, styles: Styles) -> Iterator[tuple[int, Conditional]]:
    """Yield the conditional formats with their priorities; 1 is the first."""
    space = space_of(root)
    groups = root.findall(f"{space}conditionalFormatting")
    for extension in root.findall(f"{space}extLst"):
        groups += [each for each in extension.iter() if local(each) == "conditionalFormatting"]
    for group in groups:
        rules = [(effect, rule) for rule in group if (effect := _effect(rule, styles)) != _NO_EFFECT]
        if not rules:
            continue
        sqref = group.get("sqref") or next((each.text for each in group if local(each) == "sqref"), "") or ""
        areas = sqref.split()[: limits.MERGED_CELLS]
        for area in areas:
            if place := cell_range(area if ":" in area else f"{area}:{area}"):
                for effect, rule in rules:
                    criterion = _criterion(rule)
                    # a formula is written for the first cell of all ranges together
                    is_certain = len(areas) == 1 or criterion is None or criterion.reference is None
                    yield (
                        whole(rule.get("priority")),
                        Conditional(place, effect, criterion if is_certain else None),
                    )


def _effect(rule: Element, styles: Styles) -> Effect:
    number = whole(rule.get("dxfId"))
    effect = styles.conditions[number] if "dxfId" in rule.attrib and number < len(styles.conditions) else _NO_EFFECT
    for each in rule:
        name = local(each)
        if name == "dxf":
            effect = styles.visible(effect_of(each, styles.colours))
        elif name in ("dataBar", "iconSet") and not is_true(each.get("showValue", "1")):
            effect = effect._replace(hides_figures=True)
    return effect


def _criterion(rule: Element) -> Criterion | None:
    """Return the condition of a rule; None if it cannot be decided."""
    formulas = [each.text or "" for each in rule if local(each) in ("formula", "f")]
    kind, sign = rule.get("type", ""), rule.get("operator", "")
    if kind == "cellIs":
        if sign in ("between", "notBetween"):
            return comparison("between", formulas, is_negated=sign == "notBetween")
        return comparison(_OPERATORS[sign], formulas) if sign in _OPERATORS else None
    if kind == "expression":
        return asked_cell(formulas[0]) if len(formulas) == 1 else None
    is_negated = kind.startswith("not")
    kind = kind[3:4].lower() + kind[4:] if is_negated else kind
    if kind in _TEXTS:
        return Criterion(_TEXTS[kind], (rule.get("text", ""),), is_negated) if rule.get("text") else None
    return Criterion(_CONTENTS[kind], is_negated=is_negated) if kind in _CONTENTS else None
