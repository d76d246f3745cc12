"""The public page as files: `index.html`, pictures, and open data with its page.

It works from any server and from a folder, requests nothing from other hosts, and shows everything without
JavaScript. Style and script are part of the page; its Content-Security-Policy allows these two by their hashes
and nothing else. Texts reach the page only through Jinja2's escaping.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kama_excel.domain.calendar import date_label, year_label
from kama_excel.evaluation.rates import number_text, shown_percent
from kama_excel.files.publish import Content
from kama_excel.plan.rating import Aggregation, Method
from kama_excel.report.html.public_page import STATUS_NOTES, CountRow, PublicPage
from kama_excel.report.open_data.package import OpenData, open_data
from kama_excel.report.public_report import PublicReport, task_state
from kama_excel.spreadsheets.writing.style import grade_palette, short_grade

_PACKAGE = "kama_excel.report.html"
_UNITS = ("B", "KB", "MB")
_KILO = 1024
_AGGREGATIONS = {
    Aggregation.LATEST.name: "年度ごとの実績（最新の年度）",
    Aggregation.SUM.name: "年度ごとの実績の合計",
    Aggregation.MEAN.name: "年度ごとの実績の平均",
}
_TYPES = {"string": "文字", "integer": "整数", "number": "数値", "date": "日付"}


def site_files(source: PublicReport, pdf: bytes | None = None) -> dict[str, Content]:
    """Return all files of the page's folder by their names below it."""
    page, data = PublicPage(source), open_data(source)
    downloads = data.files if pdf is None else data.files | {"report.pdf": pdf}
    environment = _environment(page)
    pages = {
        "index.html": _page(environment, "index.html", page, _downloads(downloads, data)),
        "open-data.html": _page(environment, "open-data.html", page, data),
    }
    return {**downloads, **pages, **{each.path: each.open for block in page.actions for each in block.photographs}}


def _environment(page: PublicPage) -> Environment:
    bands = page.plan.bands

    def rate(value: Fraction) -> str:
        return shown_percent(value, bands)

    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rate": rate,
        "number": lambda value: "－" if value is None else number_text(value),
        "day": _day,
        "year": year_label,
        "width": lambda value: f"{min(max(float(value), 0.0), 1.0) * 100:.1f}%",
        "segments": _segments,
        "short": short_grade,
    }
    environment.globals |= {"task_state": task_state, "status_notes": STATUS_NOTES}
    return environment


def _page(environment: Environment, template: str, page: PublicPage, extra: object) -> bytes:
    """Render a template; its policy has the hashes of its style and script."""
    style, script = _text("style.css") + _rules(page), _text("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    labels = {each.name: each.at for each in page.counts}
    text = environment.get_template(template).render(
        page=page,
        extra=extra,
        type_words=_TYPES,
        policy=policy,
        style=Markup(style),  # noqa: S704 -- of the package and of numbers
        script=Markup(script),  # noqa: S704 -- of the package
        grade_class={name: f"g{at}" for name, at in labels.items()},
        grade_index=labels,
        theme_index={theme: at for at, theme in enumerate(page.plan.themes)},
        department_index={name: at for at, name in enumerate(page.departments)},
        aggregation_words=_AGGREGATIONS,
        method_words={method.name: _method_words(page, method) for method in Method},
    )
    return text.encode()


def _method_words(page: PublicPage, method: Method) -> str:
    words = {
        Method.TARGET: "目標値に対する達成率",
        Method.PLAN_AVERAGE: f"{page.plan.average_label}進捗率",
        Method.ASSESSMENT: "総括評価",
        Method.AUTOMATIC: "自動",
    }
    return words[method]


def _rules(page: PublicPage) -> str:
    """Return the CSS rules of this page: the grades' colours and the widths of their counts."""
    palette = grade_palette(page.plan.bands.names)
    colours = [(each.at, palette[each.name]) for each in page.counts]
    rules = [
        f".g{at} {{ --fill: {colour.fill}; --text: {colour.text}; }} .f{at} {{ fill: {colour.fill}; }}"
        for at, colour in colours
    ]
    most = max((each.count for each in page.counts), default=0) or 1
    rules += [
        f".grades .n{count} {{ flex-grow: {count}; }} .n{count} .bar {{ width: {100 * count / most:.1f}%; }}"
        for count in sorted({each.count for each in page.counts})
    ]
    return "\n".join(rules) + "\n"


def _segments(row: CountRow) -> list[tuple[str, str, int]]:
    """Return start and width of each count of a row, as shares of the whole."""
    segments, before = [], 0
    for each in row.counts:
        if each.count:
            segments.append((f"{100 * before / row.total:.2f}%", f"{100 * each.count / row.total:.2f}%", each.at))
        before += each.count
    return segments


def _downloads(files: Mapping[str, bytes], data: OpenData) -> list[dict[str, str]]:
    """Return the downloads, the PDF first."""
    titles = ({"report.pdf": "報告書"} if "report.pdf" in files else {}) | data.titles
    return [
        {"path": path, "title": title, "kind": path.rpartition(".")[2].upper(), "size": _size(len(files[path]))}
        for path, title in titles.items()
    ]


def _size(count: int) -> str:
    number, unit = float(count), 0
    while number >= _KILO and unit < len(_UNITS) - 1:
        number, unit = number / _KILO, unit + 1
    return f"{number:.0f}{_UNITS[unit]}" if unit < len(_UNITS) - 1 else f"{number:.1f}{_UNITS[unit]}"


def _day(day: dt.date | None) -> str:
    return "－" if day is None else date_label(day)


def _text(name: str) -> str:
    return resources.files(_PACKAGE).joinpath("templates", name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
