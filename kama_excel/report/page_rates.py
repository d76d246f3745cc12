"""The lower part of an action's page: the three rates and which is adopted, the sums, the tasks of each year."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.cells import a1
from kama_excel.evaluation import IndicatorResult, TaskFact, YearProgress, shown_rate
from kama_excel.evaluation.rates import uses_baseline
from kama_excel.fiscal import date_label, year_label, year_short
from kama_excel.look import MUTED, NAVY, PALE, PLANNED, WHITE, row_points
from kama_excel.plan import Direction, Method
from kama_excel.report.calculation import WEIGHT_COLUMN
from kama_excel.report.canvas import grade_formula, shown_formula
from kama_excel.report.model import needed_text
from kama_excel.report.paper import ALL, COLUMNS, Page, span_pixels

_NOTHING = "―"
_CIRCLED = "①②③"


def write_rates(page: Page) -> None:
    """Write how the adopted rate came about."""
    evaluation = page.evaluation
    has_tasks = any(year.tasks for year in evaluation.years)
    if not has_tasks and not evaluation.indicators:
        page.section("達成率の算定")
        _line(page, "計画台帳に、このアクションのタスクと指標がまだ登録されていないため、評価していません。")
        return
    page.section("達成率の算定", keep=110)
    _write_boxes(page)
    if evaluation.indicators:
        _write_indicators(page)
    if evaluation.assessments:
        _write_assessments(page)
    if has_tasks:
        page.section("年度ごとのタスクと進捗率", keep=90)
        for year in evaluation.years:
            if year.tasks:
                _write_year(page, year)


def _write_boxes(page: Page) -> None:
    """Write the three rates side by side, each with the grade it would give, and mark the adopted one."""
    evaluation, calculation, formats = page.evaluation, page.calculation, page.formats
    boxes = (
        (Method.TARGET, "目標（値）に対する達成率", calculation.achievement),
        (Method.PLAN_AVERAGE, f"{evaluation.plan.average_label}進捗率", calculation.average),
        (Method.ASSESSMENT, "総括評価", calculation.assessment),
    )
    heading, value, grade = page.next_row(22), page.next_row(34), page.next_row(20)
    for number, (method, label, exact) in enumerate(boxes):
        columns = (1 + 4 * number, 4 + 4 * number)
        is_adopted = method is evaluation.method
        title = f"{_CIRCLED[number]} {label}" + ("　【採用】" if is_adopted else "")
        title_look = {"bg_color": NAVY, "font_color": WHITE} if is_adopted else {"bg_color": PALE, "font_color": NAVY}
        page.canvas.put(heading, columns, title, formats.boxed(bold=True, align="center", **title_look))
        rate = evaluation.rate(method)
        shown = None if rate is None else shown_rate(rate, evaluation.bands)
        figure = formats.boxed(bold=True, font_size=18, align="center", num_format="0.0%")
        page.canvas.formula(value, columns, shown_formula(exact), shown, figure)
        word = evaluation.grade_by(method)
        formula = f'IF({exact}="","{_NOTHING}",{grade_formula(exact)})'
        page.canvas.formula(grade, columns, formula, word or _NOTHING, formats.boxed(bold=True, align="center"))
        first = a1(grade, columns[0])
        page.canvas.grade_colours(f"{first}:{a1(grade, columns[1])}", f"${first[0]}${grade}", page.report.evaluation)
    decision = evaluation.decision
    if decision:
        label = evaluation.plan.method_label(decision.method)
        said = f"算定方法: {label}（{date_label(decision.decided_on)} {decision.decided_by}が決定。理由: {decision.reason}）"
    else:
        said = (
            f"算定方法: 自動（{evaluation.plan.method_label(evaluation.method)}）"
            if evaluation.adopted is not None
            else "算定方法: 自動（報告された数値がありません）"
        )
    needed = needed_text(evaluation)
    _line(page, said + (f"　／　次の区分まで　{needed}" if needed else ""))


def _write_indicators(page: Page) -> None:
    columns = ((1, 4), (5, 5), (6, 6), (7, 7), (8, 9), (10, 10), (11, 12))
    headings = ("指標", "基準値", "目標値", "実績値", "時点", "確度", "達成率")
    page.keep_together(60)
    page.next_row(6)
    _heading_row(page, columns, headings)
    for number, result in enumerate(page.evaluation.indicators):
        _write_indicator(page, result, number, columns)


def _write_indicator(page: Page, result: IndicatorResult, number: int, columns: tuple[tuple[int, int], ...]) -> None:
    """Write an indicator's figures, which a meeting may change, and the sum itself as a live text."""
    fact, formats, canvas = result.fact, page.formats, page.canvas
    indicator = fact.indicator
    name = f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name
    row = page.next_row(row_points(name, span_pixels(columns[0]), 10, least=24))
    text = formats.boxed(text_wrap=True)
    figure = formats.boxed(align="center", num_format="General")
    canvas.put(row, columns[0], name, text)
    canvas.put(row, columns[1][0], _NOTHING if indicator.baseline is None else indicator.baseline, figure)
    canvas.put(row, columns[2][0], indicator.target, figure)
    page.link_to_data(a1(row, columns[3][0]), indicator.key)
    bold = formats.boxed(align="center", bold=True, num_format="General")
    canvas.put(row, columns[3][0], "未報告" if fact.actual is None else fact.actual, bold)
    centred = formats.boxed(align="center", text_wrap=True, font_size=9)
    canvas.put(row, columns[4], date_label(fact.as_of) if fact.as_of else _NOTHING, centred)
    canvas.put(row, columns[5][0], fact.certainty.value if fact.actual is not None else _NOTHING, centred)
    limited = page.calculation.limited[number]
    shown = None if result.achievement is None else shown_rate(result.achievement, page.evaluation.bands)
    rate = formats.boxed(align="center", bold=True, num_format="0.0%")
    canvas.formula(row, columns[6], shown_formula(limited), shown, rate)
    cells = tuple(a1(row, column) for column in (5, 6, 7))
    page.inputs.indicators.append((f"$E${row}", f"$F${row}", f"$G${row}"))
    sum_row = page.next_row(20)
    formula = _sum_formula(result, cells, page.calculation.raw[number])
    look = formats.boxed(font_size=9, font_color=MUTED, text_wrap=True)
    canvas.formula(
        sum_row,
        ALL,
        formula,
        f"計算: {result.sum_text}" if result.sum_text else "計算: 実績値の報告を待っています",
        look,
    )


def _sum_formula(result: IndicatorResult, cells: tuple[str, ...], raw: str) -> str:
    """Return the sum itself as a formula over its figures, equal to `IndicatorResult.sum_text`."""
    indicator = result.fact.indicator
    base, target, actual = (_figure_formula(cell) for cell in cells)
    if uses_baseline(indicator):
        left = f'"("&{actual}&" − "&{base}&") ÷ ("&{target}&" − "&{base}&")"'
    elif indicator.direction is Direction.DOWN:
        left = f'IF({cells[2]}<={cells[1]},{actual}&" ≦ "&{target},{target}&" ÷ "&{actual})'
    elif indicator.target == 0:
        left = f'{actual}&IF({cells[2]}>=0," ≧ 0"," ＜ 0")'
    else:
        left = f'{actual}&" ÷ "&{target}'
    percent = f'SUBSTITUTE(TEXT(ROUND({raw},3),"0.0%"),"-","−")'
    limit = f'IF({raw}<0," → 0%",IF({raw}>1," → 100%",""))'
    return f'IF({raw}="","計算: 実績値の報告を待っています","計算: "&{left}&" = "&{percent}&{limit})'


def _figure_formula(cell: str) -> str:
    return f'SUBSTITUTE(TEXT({cell},IF({cell}=ROUND({cell},0),"#,##0","#,##0.0#########")),"-","−")'


def _write_assessments(page: Page) -> None:
    columns = ((1, 3), (4, 4), (5, COLUMNS))
    page.keep_together(60)
    page.next_row(6)
    _heading_row(page, columns, ("担当課", "総括評価", "理由"))
    formats = page.formats
    for each in page.evaluation.assessments:
        row = page.next_row(row_points(each.reason, span_pixels(columns[2]), 10, least=24))
        page.canvas.put(row, columns[0], each.department, formats.boxed(text_wrap=True))
        address = a1(row, columns[1][0])
        page.link_to_data(address, f"A-{each.action_no}-{each.department}")
        page.canvas.put(row, columns[1][0], each.rate, formats.boxed(align="center", bold=True, num_format="0.0%"))
        page.canvas.put(row, columns[2], each.reason, formats.boxed(text_wrap=True))
        page.inputs.assessments.append(f"$D${row}")


def _write_year(page: Page, year: YearProgress) -> None:
    """Write a year's tasks with their 実施, or 予定 where the year has not begun, and the year's mean beside them."""
    formats, canvas = page.formats, page.canvas
    heights = [_task_height(fact) for fact in year.tasks]
    page.keep_together(min(sum(heights) + 30, 400))
    word = "実施" if year.has_begun else "予定"
    columns = ((1, 2), (3, 8), (9, 9))
    box = (10, COLUMNS)
    heading = _heading_row(page, columns, ("担当課", f"{year_label(year.fiscal_year)}　計画", word))
    label = f"{year_short(year.fiscal_year)}平均" + ("" if year.has_begun else "（予定）")
    canvas.put(heading, box, label, formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY))
    first = page.row
    for fact, height in zip(year.tasks, heights, strict=True):
        _write_task(page, fact, height, columns)
    last = page.row - 1
    page.inputs.years[year.fiscal_year] = (f"$I${first}:$I${last}", f"$N${first}:$N${last}")
    page.inputs.is_weighted |= any(fact.task.weight != 1 for fact in year.tasks)
    shown = None if year.progress is None else shown_rate(year.progress, page.evaluation.bands)
    exact = page.calculation.years[year.fiscal_year]
    colour = {"font_color": PLANNED, "italic": True} if year.is_planned else {"font_color": NAVY}
    look = formats.boxed(bold=True, font_size=20, align="center", num_format="0.0%", **colour)
    canvas.formula(first, box, shown_formula(exact), shown, look, rows=last - first + 1)
    page.next_row(6)


def _write_task(page: Page, fact: TaskFact, height: float, columns: tuple[tuple[int, int], ...]) -> None:
    formats, canvas = page.formats, page.canvas
    row = page.next_row(height)
    canvas.put(row, columns[0], fact.task.department, formats.boxed(text_wrap=True, font_size=9))
    canvas.put(row, columns[1], fact.task.text, formats.boxed(text_wrap=True))
    address = a1(row, columns[2][0])
    page.link_to_data(address, fact.task.key)
    colour: dict[str, object] = {"font_color": PLANNED, "italic": True} if fact.is_planned else {}
    shown: Fraction | str | None = fact.progress
    if fact.is_excluded:
        shown = "対象外"
    elif fact.progress is None:
        shown, colour = (
            ("未報告" if fact.task.fiscal_year <= page.report.month.fiscal_year else _NOTHING),
            {"font_color": MUTED},
        )
    num_format = "0%" if fact.progress is None or (fact.progress * 100).denominator == 1 else "0.0%"
    canvas.put(row, columns[2], shown, formats.boxed(align="center", num_format=num_format, **colour))
    canvas.put(row, WEIGHT_COLUMN, fact.task.weight, formats(font_size=8, font_color="#C3CCD6", align="center"))


def _task_height(fact: TaskFact) -> float:
    text = row_points(fact.task.text, span_pixels((3, 8)), 10, least=20)
    return row_points(fact.task.department, span_pixels((1, 2)), 9, least=text)


def _heading_row(page: Page, columns: tuple[tuple[int, int], ...], headings: tuple[str, ...]) -> int:
    row = page.next_row(20)
    look = page.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY, font_size=9)
    for span, heading in zip(columns, headings, strict=True):
        page.canvas.put(row, span, heading, look)
    return row


def _line(page: Page, text: str) -> None:
    row = page.next_row(row_points(text, span_pixels(ALL), 9, least=20))
    page.canvas.put(row, ALL, text, page.formats(font_size=9, font_color=MUTED, text_wrap=True))
