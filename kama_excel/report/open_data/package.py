"""The open data as files: a CSV per table, one JSON, and `datapackage.json`."""

from __future__ import annotations

import json
from typing import NamedTuple

from kama_excel.report.csv_files import csv_content
from kama_excel.report.open_data.fields import OpenTable
from kama_excel.report.open_data.open_tables import open_tables
from kama_excel.report.public_report import PublicReport

_FOLDER = "data"


class OpenData(NamedTuple):
    """The tables and their files by name."""

    tables: tuple[OpenTable, ...]
    files: dict[str, bytes]

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the files by name."""
        named = {f"{_FOLDER}/{table.name}.csv": table.title for table in self.tables}
        return named | {f"{_FOLDER}/data.json": "すべての表", f"{_FOLDER}/datapackage.json": "データの定義"}


def open_data(source: PublicReport) -> OpenData:
    """Return the open data of a month."""
    tables = open_tables(source)
    files = {f"{_FOLDER}/{table.name}.csv": csv_content(table.headings, table.rows) for table in tables}
    files[f"{_FOLDER}/data.json"] = _json(_document(source, tables))
    files[f"{_FOLDER}/datapackage.json"] = _json(_package(source, tables))
    return OpenData(tables, files)


def _document(source: PublicReport, tables: tuple[OpenTable, ...]) -> dict[str, object]:
    report = source.report
    return {
        "plan": report.plan.name,
        "municipality": report.plan.municipality,
        "month": str(report.month),
        "withheld_actions": source.withheld,
        "summary": report.evaluation.count(),
        **{table.name: table.records for table in tables},
    }


def _package(source: PublicReport, tables: tuple[OpenTable, ...]) -> dict[str, object]:
    """Return the description (Frictionless Data Package)."""
    report = source.report
    resources = [
        {
            "name": table.name,
            "title": table.title,
            "description": table.description,
            "path": f"{table.name}.csv",
            "profile": "tabular-data-resource",
            "scheme": "file",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig",
            "schema": table.schema,
        }
        for table in tables
    ]
    return {
        "profile": "tabular-data-package",
        "name": f"progress-{report.month}",
        "title": f"{report.plan.name}の進み具合（{report.month.label}末）",
        "version": str(report.month),
        "created": f"{report.month.last_day.isoformat()}T00:00:00+09:00",
        "resources": resources,
    }


def _json(document: dict[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
