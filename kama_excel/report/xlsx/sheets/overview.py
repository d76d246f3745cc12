"""総括: a summary on one page: changes, open decisions, slow actions, measures."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from kama_excel.domain.arithmetic import half_up
from kama_excel.evaluation import formulas
from kama_excel.findings.catalogue import Severity
from kama_excel.inbox.current_forms import CARRIED, MISSING, SUBMITTED
from kama_excel.report.month_report import Report
from kama_excel.report.wording import elapsed_months
from kama_excel.report.xlsx.sheets import checks, comparison, decisions, month_changes, sources, trend
from kama_excel.report.xlsx.sheets.action_list import NAME as LIST
from kama_excel.report.xlsx.sheets.action_list import POINTS, UNDECIDED, UP, WORSE
from kama_excel.report.xlsx.sheets.list_references import ListReferences
from kama_excel.report.xlsx.sheets.overview_counts import Counts, write_bars, write_counts, write_measures, write_trend
from kama_excel.report.xlsx.sheets.overview_grid import HEADING_SIZE, LANDSCAPE, WIDTH, Layout, Overview
from kama_excel.report.xlsx.sheets.overview_lists import (
    MOVED_ROWS,
    SLOWEST,
    write_moved,
    write_slow,
    write_undecided,
)
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.measure import INDENT, one_line, row_points, text_pixels
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, RED, WHITE

NAME = "総括"
_MARGINS = (0.42, 0.4, 0.5)
_TITLE_SIZES = (18, 16, 14, 12)
_HEADLINE, _NUMBER = 19.5, 25.5
_MONTH, _FINDINGS = 13, 15  # columns at the right of the title, and of the last row
_REPORTS_MARGIN = 8  # pixels above and below two lines
_FOOTER_SIZE = 11  # printed at three quarters
_MOST_WORSE = 4  # actions listed on one line
_NARROWER = 0.95  # of the measured width: kana are a little narrower than measured


def write_overview(
    book: Book, canvas: Canvas, report: Report, in_list: ListReferences, layout: Layout = LANDSCAPE
) -> None:
    """Write the page from top to bottom; `in_list` holds the cells of 一覧."""
    overview = Overview(book, canvas, report, in_list, layout)
    _write_title(overview)
    if not layout.is_portrait:  # it is for paper
        _write_links(overview)
    counts = write_counts(overview)
    _write_headline(overview, counts)
    _write_elapsed(overview)
    write_bars(overview, counts)
    overview.next_row(12)
    row = overview.next_row(28)
    overview.heading(row, layout.left, "区分が上がったアクション", key=UP)
    undecided = "算定方法を検討中のアクション" if report.is_public else "ご判断いただく事項"
    overview.heading(row, layout.middle, undecided, key=UNDECIDED, after="（要判断）", colour=RED)
    write_moved(overview, row + 1, has_before=report.changes is not None)
    write_undecided(overview, row + 1)
    if not layout.is_portrait:
        write_trend(overview, counts, row, MOVED_ROWS)
    overview.next_row(10)
    row = overview.next_row(28)
    _write_slow_heading(overview, row)
    if layout.is_portrait:
        for _ in range(SLOWEST):
            overview.next_row(layout.bar_row)
        _write_mark_note(overview, overview.next_row(22))
        write_trend(overview, counts, row, SLOWEST + 1)
        overview.next_row(10)
        write_measures(overview, counts, overview.next_row(28))
        _write_limits(overview, overview.next_row(22))
    else:
        write_measures(overview, counts, row)
        note = overview.next_row(22)
        _write_mark_note(overview, note)
        _write_limits(overview, note)
    write_slow(overview, row + 1)
    _write_shares(overview, counts)
    if report.plan.bands.has_points:
        _write_points(overview)
    if not report.is_public:
        _write_reports(overview)
    overview.colour_chips()
    canvas.sheet.print_area(f"A1:{a1(overview.row - 1, layout.columns)}")
    footer = f"{report.plan.full_name}　{report.month.label}分"
    canvas.print_setup(
        landscape=not layout.is_portrait, footer=footer, footer_size=_FOOTER_SIZE, tall=1, margins=_MARGINS
    )
    canvas.sheet.freeze_panes(2, 0)
    canvas.sheet.activate()


def _write_title(overview: Overview) -> None:
    plan, month = overview.report.plan, overview.report.month
    band = {"bg_color": NAVY, "font_color": WHITE}
    row = overview.next_row(42)
    wide = overview.layout.columns - _MONTH
    title, room = f"{plan.name}　進捗の総括", wide * WIDTH - 24
    size = next((each for each in _TITLE_SIZES if text_pixels(title, each) <= room), _TITLE_SIZES[-1])
    title = one_line(title, room * (1 + (size == _TITLE_SIZES[-1])), size)  # two lines of the smallest fit
    look = overview.formats(bold=True, font_size=size, indent=1, text_wrap=True, **band)
    overview.canvas.put(row, (1, wide), title, look)
    day = overview.formats(align="right", font_size=13, indent=1, **band)
    overview.canvas.put(row, (wide + 1, overview.layout.columns), f"{month.label}分", day)


def _write_links(overview: Overview) -> None:
    """Write the row of links to the other sheets."""
    report = overview.report
    row = overview.next_row(25)
    undecided = len(overview.in_list.numbers[UNDECIDED])
    links = [
        *((LIST, LIST), (decisions.NAME, f"{decisions.NAME}（{undecided}）")),
        *([(month_changes.NAME, month_changes.NAME)] if report.states else []),
        *((checks.FINDINGS, f"{checks.FINDINGS}（{len(report.findings)}）"), (comparison.NAME, comparison.NAME)),
        *([(trend.NAME, trend.NAME)] if report.states else []),
        *((checks.SUBMISSIONS, checks.SUBMISSIONS), (sources.NAME, sources.NAME)),
    ]
    column = 1
    look = overview.formats.link(font_size=10.5)
    for sheet, text in links:
        last = column + max(round((text_pixels(text, 10.5) + 20) / WIDTH), 2) - 1
        if sheet == decisions.NAME:
            words = f'"{decisions.NAME}（"&COUNT({overview.in_list[UNDECIDED]})&"）"'
            link = f"HYPERLINK(\"#'{sheet}'!A1\",{words})"
            overview.canvas.formula(row, (column, last), link, text, look)
        else:
            overview.canvas.link(row, (column, last), sheet, text, look)
        column = last + 1


def _write_headline(overview: Overview, counts: Counts) -> None:
    """Write the headline: actions with 見出しの区分 or better, now and before."""
    plan, evaluation = overview.report.plan, overview.report.evaluation
    row = overview.next_row(44)
    bold = {"bold": True, "font_color": NAVY}
    before = f"{evaluation.in_force}アクションのうち"
    width = ceil((text_pixels(before, _HEADLINE) * _NARROWER + 4) / WIDTH)
    number = max(ceil((text_pixels(str(evaluation.reached), _NUMBER) + 4) / WIDTH), 2)
    overview.canvas.put(row, (1, width), before, overview.formats(font_size=_HEADLINE, align="left", **bold))
    look = overview.formats(font_size=_NUMBER, align="left", **bold)
    overview.canvas.formula(row, (width + 1, width + number), counts.reached, evaluation.reached, look)
    sentence = f"件が「{plan.headline_grade}」以上です"
    top = plan.bands.names[0]
    sentence = f"件が「{top}」です" if plan.headline_grade == top else sentence
    look = overview.formats(font_size=_HEADLINE, **bold)
    span = (width + number + 1, overview.layout.columns)
    if counts.reached_before is None:
        overview.canvas.put(row, span, sentence, look)
        return
    was, now = counts.reached_before, counts.reached
    since, up, down = f"（{overview.report.before_label}の{was}件から ", "件増えました）", "件減りました）"
    if overview.layout.is_portrait:
        since, up, down = f"（{overview.report.before_short}から ", "件増）", "件減）"
    same = "増減はありません）"
    change = f"IF({now}>{was},{now}-{was}&{quoted(up)},IF({now}<{was},{was}-{now}&{quoted(down)},{quoted(same)}))"
    formula = f"{quoted(sentence + since)}&{change}"
    moved = evaluation.reached - was
    value = sentence + since + (f"{abs(moved)}{up if moved > 0 else down}" if moved else same)
    overview.canvas.formula(row, span, formula, value, look)


def _write_elapsed(overview: Overview) -> None:
    """Write the elapsed time: a reference for the rates, not an assessment."""
    report = overview.report
    passed, total = elapsed_months(report.plan, report.month)
    row = overview.next_row(25)
    share = half_up(overview.mark * 100, 0)
    actions = [each for each in report.evaluation.actions if not each.is_ended]
    exact, mark = overview.in_list.exact, f"ROUND({passed}/{total},9)"
    open_ = f'NOT(EXACT({overview.in_list.categories},"終了"))'
    above = f"SUMPRODUCT(--ISNUMBER({exact}),--({exact}>={mark}),--{open_})"
    below = f"SUMPRODUCT(--ISNUMBER({exact}),--({exact}<{mark}),--{open_})"
    rates = [half_up(each.adopted, 9) for each in actions if each.adopted is not None]
    over = sum(rate >= half_up(overview.mark, 9) for rate in rates)
    none = len(actions) - len(rates)
    head = f"目安：計画期間{total}か月のうち{passed}か月（{share}%）が経過しました。達成率が{share}%以上のアクション "
    middle, end = f"件、{share}%未満 ", "件、未評価 "
    formula = f'{quoted(head)}&{above}&{quoted(middle)}&{below}&{quoted(end)}&{len(actions)}-COUNT({exact})+{_ended(report)}&"件"'
    value = f"{head}{over}{middle}{len(rates) - over}{end}{none}件"
    overview.canvas.formula(row, overview.layout.all, formula, value, overview.formats(font_size=11))


def _ended(report: Report) -> int:
    """Count the ended actions that keep a rate: they are in the list's rates."""
    return sum(each.is_ended and each.adopted is not None for each in report.evaluation.actions)


def _write_slow_heading(overview: Overview, row: int) -> None:
    """Write the heading of the slow actions, with their limit where it fits."""
    limit = f"「{overview.report.plan.headline_grade}」未満、"
    titles = [f"進捗の遅れているアクション（{words}低い順に{SLOWEST}件）" for words in (limit, "")]
    room = overview.canvas.span_pixels(overview.layout.left)
    overview.heading(row, overview.layout.left, titles[text_pixels(titles[0], HEADING_SIZE) * _NARROWER > room])


def _write_mark_note(overview: Overview, row: int) -> None:
    """Write the explanation of the line of elapsed time, and the actions that became worse."""
    look = overview.formats(font_size=10.5, font_color=MUTED)
    share = half_up(overview.mark * 100, 0)
    note = f"縦の線は経過の目安（{share}%）。"
    keys, numbers = overview.in_list[WORSE], overview.in_list.numbers[WORSE]
    shown = "・".join(map(str, numbers[:_MOST_WORSE])) + ("ほか" if len(numbers) > _MOST_WORSE else "")
    named = "&".join(
        f'IF(COUNT({keys})>={at},"{"・" if at > 1 else ""}"&SMALL({keys},{at}),"")' for at in range(1, _MOST_WORSE + 1)
    )
    more = f'IF(COUNT({keys})>{_MOST_WORSE},"ほか","")'
    formula = f'{quoted(note)}&IF(COUNT({keys})=0,"","No "&{named}&{more}&"は基準値より後退（悪化）")'
    value = note + (f"No {shown}は基準値より後退（悪化）" if numbers else "")
    overview.canvas.formula(row, overview.layout.left, formula, value, look)


def _write_limits(overview: Overview, row: int) -> None:
    """Write the lower limits of the grades, and what the short form of 未評価 means."""
    look = overview.formats(font_size=10.5, font_color=MUTED)
    bands = overview.report.plan.bands.bands
    limits = [f"{each.name}{each.lower_text}〜" for each in bands[:-1]]
    limits.append(f"{bands[-1].name}{bands[-2].lower_text}未満" if len(bands) > 1 else bands[-1].name)
    overview.canvas.put(row, overview.layout.measures, "　".join([*limits, "未＝未評価"]), look)


def _write_shares(overview: Overview, counts: Counts) -> None:
    """Write the share of each grade among the graded actions; "－" if there are none."""
    names, found = overview.report.plan.bands.names, overview.report.evaluation.count()
    graded = sum(found[name] for name in names)
    cells = [counts.cell(name) for name in names]
    total = f"SUM({','.join(cells)})"
    head = "区分の割合　"
    note = "　未評価などを除くアクションに占める割合です。端数処理のため、合計は100%にならないことがあります。"
    below, note = (note.strip(), "") if overview.layout.is_portrait else ("", note)
    parts = [
        f'{quoted(f"{name} ")}&TEXT(ROUND({cell}/{total},3),"0.0%")' for name, cell in zip(names, cells, strict=True)
    ]
    shares = '&"　"&'.join(parts)
    formula = f'{quoted(head)}&IF({total}=0,"－",{shares})&{quoted(note)}'
    shown = (
        [f"{name} {float(half_up(Fraction(found[name], graded) * 100, 1)):.1f}%" for name in names]
        if graded
        else ["－"]
    )
    look = overview.formats(font_size=10.5, font_color=MUTED)
    overview.canvas.formula(
        overview.next_row(22), overview.layout.all, formula, f"{head}{'　'.join(shown)}{note}", look
    )
    if below:
        overview.canvas.put(overview.next_row(22), overview.layout.all, below, look)


def _write_points(overview: Overview) -> None:
    """Write the mean points of the plan and of each theme (rule 10)."""
    report, in_list = overview.report, overview.in_list
    parts = [("平均点　計画全体 ", f"{in_list['テーマNo']}>0", report.evaluation.points())]
    for number, theme in enumerate(report.plan.themes, start=1):
        mine = [each for each in report.evaluation.actions if each.measure.theme == theme]
        parts.append((f"　{theme} ", f"{in_list['テーマNo']}={number}", report.evaluation.points(mine)))
    formula, value = [], ""
    for words, where, mean in parts:
        formula.append(f'{quoted(words)}&TEXT({formulas.mean_points(where, in_list[POINTS])},"0.00")')
        value += words + ("－" if mean is None else f"{float(mean):.2f}")
    look = overview.formats(font_size=10.5)
    overview.canvas.formula(overview.next_row(22), overview.layout.measures, "&".join(formula), value, look)


def _write_reports(overview: Overview) -> None:
    """Write who sent forms and who did not, and the number of findings."""
    report = overview.report
    by_status: dict[str, list[str]] = {}
    for each in report.merged.statuses:
        by_status.setdefault(each.status, []).append(each.department)
    words = {CARRIED: "は前月までの報告を使用", MISSING: "は未提出"}
    parts = [
        f"{'、'.join(names)}{words.get(status, f'は{status}')}"
        for status, names in by_status.items()
        if status != SUBMITTED
    ]
    text = f"報告　{len(report.merged.statuses)}課のうち{len(by_status.get(SUBMITTED, []))}課が提出"
    text += f"（{'／'.join(parts)}）" if parts else ""
    count = "、".join(f"{each} {report.count(each)}件" for each in (Severity.ERROR, Severity.WARNING))
    line = {"font_size": 10.5, "top": 1, "top_color": NAVY}
    if overview.layout.is_portrait:
        text += f"\n確認事項　{count}"
        high = row_points(text, overview.canvas.span_pixels(overview.layout.all) - INDENT, 10.5)
        row = overview.next_row(high * 96 / 72 + _REPORTS_MARGIN)
        overview.canvas.put(row, overview.layout.all, text, overview.formats(**line, text_wrap=True))
        return
    row = overview.next_row(26)
    wide = overview.layout.columns - _FINDINGS
    text = one_line(text, wide * WIDTH, 10.5)
    overview.canvas.put(row, (1, wide), text, overview.formats(**line))
    look = overview.formats.link(**line, align="right")
    overview.canvas.link(row, (wide + 1, overview.layout.columns), checks.FINDINGS, f"確認事項（{count}）", look)
