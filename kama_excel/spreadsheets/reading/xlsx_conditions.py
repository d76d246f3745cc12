"""Conditional formats of a sheet of an .xlsx."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.spreadsheets.cells import Range, cell_range
from kama_excel.spreadsheets.reading.conditional_formats import COMPARISONS, Comparison, Conditional, Effect
from kama_excel.spreadsheets.reading.xlsx_styles import effect_of
from kama_excel.spreadsheets.reading.xml_documents import is_true, local, space_of, whole

_OPERATORS = {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "equal": "=",
    "notEqual": "!=",
    "greaterThanOrEqual": ">=",
    "greaterThan": ">",
}


def read_conditions(root: Element, effects: tuple[Effect, ...]) -> Iterator[tuple[Range, Conditional]]:
    """Yield the conditional formats of a sheet that change a text, with their ranges.

    Those of Excel 2010 and later are in an extension.
    `effects` are those of the workbook's shared formats by number.
    """
    space = space_of(root)
    groups = root.findall(f"{space}conditionalFormatting")
    for extension in root.findall(f"{space}extLst"):
        groups += [each for each in extension.iter() if local(each) == "conditionalFormatting"]
    for group in groups:
        areas = group.get("sqref") or next((each.text for each in group if local(each) == "sqref"), "") or ""
        rules = [(effect, rule) for rule in group if (effect := _effect(rule, effects)) != Effect()]
        for area in areas.split()[: limits.MERGED_CELLS] if rules else ():
            if place := cell_range(area if ":" in area else f"{area}:{area}"):
                yield from ((place, Conditional(effect, _comparison(rule))) for effect, rule in rules)


def _effect(rule: Element, effects: tuple[Effect, ...]) -> Effect:
    number = whole(rule.get("dxfId"))
    effect = effects[number] if "dxfId" in rule.attrib and number < len(effects) else Effect()
    for each in rule:
        if local(each) == "dxf":
            effect = effect_of(each)
        elif local(each) in ("dataBar", "iconSet") and not is_true(each.get("showValue", "1")):
            effect = effect._replace(hides_figures=True)
    return effect


def _comparison(rule: Element) -> Comparison | None:
    formulas = [each.text or "" for each in rule if local(each) in ("formula", "f")]
    compare = COMPARISONS.get(_OPERATORS.get(rule.get("operator", ""), "")) if rule.get("type") == "cellIs" else None
    try:
        return (compare, float(formulas[0])) if compare and len(formulas) == 1 else None
    except ValueError:
        return None
