"""Declaration of the open data's columns: CSV heading, JSON key, schema, description."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import NamedTuple

Value = str | int | Fraction | dt.date | None


class OpenField(NamedTuple):
    """A column. `type` is a type of Frictionless Table Schema; `unit` is '' without one."""

    key: str
    heading: str
    type: str
    meaning: str
    example: str
    unit: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, object]:
        """The field in Table Schema; `name` is the CSV's heading, `jsonKey` its key in the JSON."""
        constraints: dict[str, object] = {"required": True} if self.is_required else {}
        if self.choices:
            constraints["enum"] = list(self.choices)
        described: dict[str, object] = {
            "name": self.heading,
            "type": self.type,
            "title": self.heading,
            "description": self.meaning,
            "example": self.example,
            "jsonKey": self.key,
        }
        if self.unit:
            described["unit"] = self.unit
        return described | ({"constraints": constraints} if constraints else {})


class OpenTable(NamedTuple):
    """A table: file name without suffix, description, columns and rows."""

    name: str
    title: str
    description: str
    fields: tuple[OpenField, ...]
    key: tuple[str, ...]
    """The headings that identify a row."""
    rows: tuple[tuple[Value, ...], ...]
    refers_to_actions: bool = True

    @property
    def headings(self) -> tuple[str, ...]:
        """The CSV's headings."""
        return tuple(field.heading for field in self.fields)

    @property
    def records(self) -> list[dict[str, object]]:
        """The rows for the JSON: numbers, days in ISO 8601, null for blank."""
        keys = [field.key for field in self.fields]
        return [dict(zip(keys, map(_json, row), strict=True)) for row in self.rows]

    @property
    def schema(self) -> dict[str, object]:
        """The table in Table Schema."""
        schema: dict[str, object] = {
            "fields": [field.schema for field in self.fields],
            "primaryKey": list(self.key),
            "missingValues": [""],
        }
        if self.refers_to_actions:
            reference = {"resource": "actions", "fields": [ACTION_NO]}
            schema["foreignKeys"] = [{"fields": [ACTION_NO], "reference": reference}]
        return schema


ACTION_NO = "アクション番号"


def _json(value: Value) -> object:
    match value:
        case Fraction():
            return int(value) if value.denominator == 1 else float(f"{float(value):.15g}")
        case dt.date():
            return value.isoformat()
        case other:
            return other
