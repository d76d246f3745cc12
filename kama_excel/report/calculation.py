"""The block of exact figures beside an action's page: not printed, and what every other formula points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kama_excel.cells import a1
from kama_excel.evaluation import ActionEvaluation, IndicatorResult
from kama_excel.evaluation.rates import uses_baseline
from kama_excel.fiscal import year_label
from kama_excel.look import HAIRLINE, MUTED
from kama_excel.plan import Direction, Indicator, Method
from kama_excel.report.canvas import Canvas, absolute, grade_formula, quoted
from kama_excel.report.model import needed_figures, needed_text, status_text
from kama_excel.report.needed_formulas import needed_figure_formula, needed_text_formula
from kama_excel.report.status_formulas import count_formulas, status_formula

LABEL_COLUMN = 16
VALUE_COLUMN = 17
_FIRST_ROW = 6


@dataclass
class Inputs:
    """Where an action's page has the figures that a meeting may change."""

    years: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Per fiscal year the first and the last row of its tasks: 実施 in I, 予定's mark in M, the weight in N."""
    indicators: list[int] = field(default_factory=list)
    """Per indicator its row: baseline in E, target in F, actual in G, certainty in J; in N whether it lies ahead."""
    assessments: list[int] = field(default_factory=list)
    """Per 総括評価 its row: the rate in D; in N whether it was given before the plan ended."""

    def tasks(self, fiscal_year: int, column: str) -> str:
        """Return a column of a year's tasks: $I$20:$I$23."""
        first, last = self.years[fiscal_year]
        return f"${column}${first}:${column}${last}"

    def indicator_cells(self, column: str) -> str:
        """Return a column from the first indicator's row to the last one's; between them stand blanks."""
        return f"${column}${self.indicators[0]}:${column}${self.indicators[-1]}"

    def assessment_cells(self, column: str) -> str:
        """Return a column from the first assessment's row to the last one's."""
        return f"${column}${self.assessments[0]}:${column}${self.assessments[-1]}"


@dataclass
class Calculation:
    """The addresses of the exact figures of one action, known before the cells that they are computed from."""

    evaluation: ActionEvaluation
    years: dict[int, str] = field(init=False)
    average: str = field(init=False)
    raw: list[str] = field(init=False)
    limited: list[str] = field(init=False)
    from_zero: list[str] = field(init=False)
    achievement: str = field(init=False)
    achievement_from_zero: str = field(init=False)
    assessment: str = field(init=False)
    method: str = field(init=False)
    adopted: str = field(init=False)
    grade: str = field(init=False)
    reported: str = field(init=False)
    expected: str = field(init=False)
    used: str = field(init=False)
    wanted: str = field(init=False)
    status: str = field(init=False)
    needed: dict[int, str] = field(init=False)
    """Per grade above the lowest (which is 1) what it needs."""
    needed_text: str = field(init=False)

    def __post_init__(self) -> None:
        """Give every figure its cell."""
        row = _FIRST_ROW

        def next_cell() -> str:
            nonlocal row
            row += 1
            return absolute(a1(row, VALUE_COLUMN))

        self.years = {year.fiscal_year: next_cell() for year in self.evaluation.years}
        self.average = next_cell()
        self.raw = [next_cell() for _ in self.evaluation.indicators]
        self.limited = [next_cell() for _ in self.evaluation.indicators]
        self.from_zero = [next_cell() for _ in self.evaluation.indicators]
        self.achievement, self.achievement_from_zero, self.assessment = next_cell(), next_cell(), next_cell()
        self.method, self.adopted, self.grade = next_cell(), next_cell(), next_cell()
        self.reported, self.expected, self.used, self.wanted = next_cell(), next_cell(), next_cell(), next_cell()
        self.status = next_cell()
        self.needed = {rank: next_cell() for rank in range(2, len(self.evaluation.bands.bands) + 1)}
        self.needed_text = next_cell()

    def write(self, canvas: Canvas, inputs: Inputs) -> None:
        """Write the block: a label, a formula and its computed value a row."""
        self._head(canvas)
        self._rates(canvas, inputs)
        self._result(canvas, inputs)

    def _head(self, canvas: Canvas) -> None:
        formats = canvas.formats
        canvas.sheet.set_column(LABEL_COLUMN - 1, LABEL_COLUMN - 1, 34)
        canvas.sheet.set_column(VALUE_COLUMN - 1, VALUE_COLUMN - 1, 18)
        canvas.put(_FIRST_ROW - 2, LABEL_COLUMN, "計算の根拠（印刷されません）", formats(bold=True, font_color=MUTED))
        look = formats(font_size=9, font_color=MUTED)
        note = "実施・実績値などを書き換えると、ここから一覧・総括まで計算し直し、書き換えたセルは橙色になります。"
        canvas.put(_FIRST_ROW - 1, LABEL_COLUMN, note, look)
        canvas.put(_FIRST_ROW, LABEL_COLUMN, "M列の1は予定、N列はタスクの重み（指標・総括評価では1が見込）です。", look)

    def _rates(self, canvas: Canvas, inputs: Inputs) -> None:
        evaluation = self.evaluation
        for year in evaluation.years:
            done = year.fiscal_year in inputs.years
            formula = _mean_of_year(inputs, year.fiscal_year) if done else '""'
            label = f"{year_label(year.fiscal_year)} 平均"
            self._row(canvas, self.years[year.fiscal_year], label, formula, year.progress)
        years = span(list(self.years.values()))
        self._row(canvas, self.average, evaluation.plan.average_label, _mean(years), evaluation.plan_average)
        for number, (each, row) in enumerate(zip(evaluation.indicators, inputs.indicators, strict=True)):
            name, cells = each.fact.indicator.name, (f"$E${row}", f"$F${row}", f"$G${row}")
            self._row(canvas, self.raw[number], f"{name} 達成率（制限前）", _achievement(each, cells), each.raw)
            self._row(
                canvas, self.limited[number], f"{name} 達成率", _limited(self.raw[number], cells[2]), each.achievement
            )
            plain = _limited(_from_zero(each.fact.indicator, cells), cells[2])
            label = f"{name} 基準値を使わない達成率"
            self._row(canvas, self.from_zero[number], label, plain, each.without_baseline)
        mean = _mean(span(self.limited)) if self.limited else '""'
        self._row(canvas, self.achievement, "目標(値)に対する達成率", mean, evaluation.achievement)
        mean = _mean(span(self.from_zero)) if self.from_zero else '""'
        value = evaluation.achievement_without_baseline
        self._row(canvas, self.achievement_from_zero, "基準値を使わない達成率", mean, value)
        assessed = _mean(inputs.assessment_cells("D")) if inputs.assessments else '""'
        self._row(canvas, self.assessment, "総括評価", assessed, evaluation.assessment)

    def _result(self, canvas: Canvas, inputs: Inputs) -> None:
        evaluation = self.evaluation
        label = evaluation.plan.method_label(evaluation.method)
        self._row(canvas, self.method, "採用した算定方法", self._method(), label)
        self._row(canvas, self.adopted, "採用した達成率", self._adopted(), evaluation.adopted)
        self._row(canvas, self.grade, "評価区分", grade_formula(self.adopted), evaluation.grade or "未評価")
        counts = count_formulas(evaluation, self, inputs)
        used, wanted = evaluation.basis_counts
        values = (evaluation.reported, evaluation.expected, used, wanted)
        labels = ("報告のあったタスク", "報告を待つタスク", "採用値に使った報告", "採用値に要る報告")
        cells = (self.reported, self.expected, self.used, self.wanted)
        for cell, name, formula, value in zip(cells, labels, counts, values, strict=True):
            self._row(canvas, cell, name, formula, value, num_format="0")
        status = status_formula(evaluation, self, inputs)
        self._row(canvas, self.status, "状態", status, status_text(evaluation))
        figures, lowest_first = needed_figures(evaluation), evaluation.bands.names[::-1]
        for rank, cell in self.needed.items():
            formula = needed_figure_formula(evaluation, self, inputs, rank)
            name = lowest_first[rank - 1]
            self._row(canvas, cell, f"「{name}」に要る値", formula, figures.get(name), num_format="General")
        formula = needed_text_formula(evaluation, self)
        self._row(canvas, self.needed_text, "上の区分まで", formula, needed_text(evaluation))

    def _method(self) -> str:
        label = self.evaluation.plan.method_label
        if self.evaluation.decided is not Method.AUTOMATIC:
            return quoted(label(self.evaluation.decided))
        average, automatic = quoted(label(Method.PLAN_AVERAGE)), quoted(label(Method.AUTOMATIC))
        otherwise = f'IF({self.average}<>"",{average},{automatic})'
        return f'IF({self.achievement}<>"",{quoted(label(Method.TARGET))},{otherwise})'

    def _adopted(self) -> str:
        cells = {
            Method.TARGET: self.achievement,
            Method.PLAN_AVERAGE: self.average,
            Method.ASSESSMENT: self.assessment,
        }
        automatic = f'IF({self.achievement}<>"",{self.achievement},{self.average})'
        return cells.get(self.evaluation.decided, automatic)

    def _row(
        self,
        canvas: Canvas,
        address: str,
        label: str,
        formula: str,
        value: Fraction | float | str | None,
        *,
        num_format: str = "0.0000000%",
    ) -> None:
        row = int(address.rpartition("$")[2])
        look = {"font_size": 9, "font_color": MUTED, "bottom": 4, "bottom_color": HAIRLINE}
        canvas.put(row, LABEL_COLUMN, label, canvas.formats(**look))
        canvas.formula(row, VALUE_COLUMN, formula, value, canvas.formats(num_format=num_format, align="right", **look))


def span(cells: Sequence[str]) -> str:
    """Return cells that stand below each other as a range."""
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _mean_of_year(inputs: Inputs, fiscal_year: int) -> str:
    """Rule 2. What is not a number (未報告, 対象外) does not count, nor does its weight."""
    done, weights = inputs.tasks(fiscal_year, "I"), inputs.tasks(fiscal_year, "N")
    counting = f"SUMPRODUCT(--ISNUMBER({done}),{weights})"
    return f'IF(COUNT({done})=0,"",SUMPRODUCT({done},{weights})/{counting})'


def _mean(cells: str) -> str:
    return f'IF(COUNT({cells})=0,"",AVERAGE({cells}))'


def _limited(rate: str, actual: str) -> str:
    return f'IF(ISNUMBER({actual}),MAX(0,MIN(1,{rate})),"")'


def _achievement(result: IndicatorResult, cells: tuple[str, str, str]) -> str:
    """Rule 4 of `docs/rules.md` as a formula over the cells of baseline, target and actual."""
    baseline, target, actual = cells
    if uses_baseline(result.fact.indicator):
        rate = f"({actual}-{baseline})/({target}-{baseline})"
    else:
        rate = _from_zero(result.fact.indicator, cells)
    return f'IF(ISNUMBER({actual}),{rate},"")'


def _from_zero(indicator: Indicator, cells: tuple[str, str, str]) -> str:
    """Rules 4b, c and d: against the target alone."""
    _, target, actual = cells
    if indicator.direction is Direction.DOWN:
        return f"IF({actual}<={target},1,{target}/{actual})"
    return f"IF({actual}>=0,1,0)" if indicator.target == 0 else f"{actual}/{target}"
