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
from kama_excel.report.canvas import Canvas, absolute, grade_formula

LABEL_COLUMN = 15
VALUE_COLUMN = 16
WEIGHT_COLUMN = 14
_FIRST_ROW = 5


@dataclass
class Calculation:
    """The addresses of the exact figures of one action, known before the cells that they are computed from."""

    evaluation: ActionEvaluation
    years: dict[int, str] = field(init=False)
    average: str = field(init=False)
    raw: list[str] = field(init=False)
    limited: list[str] = field(init=False)
    achievement: str = field(init=False)
    assessment: str = field(init=False)
    method: str = field(init=False)
    adopted: str = field(init=False)
    grade: str = field(init=False)

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
        self.achievement, self.assessment = next_cell(), next_cell()
        self.method, self.adopted, self.grade = next_cell(), next_cell(), next_cell()

    def write(self, canvas: Canvas, inputs: Inputs) -> None:
        """Write the block: a label, a formula and its computed value a row."""
        evaluation, formats = self.evaluation, canvas.formats
        canvas.sheet.set_column(LABEL_COLUMN - 1, LABEL_COLUMN - 1, 30)
        canvas.sheet.set_column(VALUE_COLUMN - 1, VALUE_COLUMN - 1, 14)
        canvas.put(_FIRST_ROW - 1, LABEL_COLUMN, "計算の根拠（印刷されません）", formats(bold=True, font_color=MUTED))
        note = "値を書き換えると、ここから一覧・総括まで計算し直します。"
        canvas.put(_FIRST_ROW, LABEL_COLUMN, note, formats(font_size=9, font_color=MUTED))
        for year in evaluation.years:
            cells = inputs.years.get(year.fiscal_year)
            formula = _mean_of_year(*cells, is_weighted=inputs.is_weighted) if cells else '""'
            self._row(
                canvas, self.years[year.fiscal_year], f"{year_label(year.fiscal_year)} 平均", formula, year.progress
            )
        years = _span(list(self.years.values()))
        self._row(canvas, self.average, evaluation.plan.average_label, _mean(years), evaluation.plan_average)
        for number, (each, figures) in enumerate(zip(evaluation.indicators, inputs.indicators, strict=True)):
            name = each.fact.indicator.name
            self._row(canvas, self.raw[number], f"{name} 達成率（制限前）", _achievement(each, figures), each.raw)
            limit = f'IF({self.raw[number]}="","",MAX(0,MIN(1,{self.raw[number]})))'
            self._row(canvas, self.limited[number], f"{name} 達成率", limit, each.achievement)
        mean = _mean(_span(self.limited)) if self.limited else '""'
        self._row(canvas, self.achievement, "目標(値)に対する達成率", mean, evaluation.achievement)
        assessed = _mean(_span(inputs.assessments)) if inputs.assessments else '""'
        self._row(canvas, self.assessment, "総括評価", assessed, evaluation.assessment)
        self._row(
            canvas, self.method, "採用した算定方法", self._method(), evaluation.plan.method_label(evaluation.method)
        )
        self._row(canvas, self.adopted, "採用した達成率", self._adopted(), evaluation.adopted)
        self._row(canvas, self.grade, "評価区分", grade_formula(self.adopted), evaluation.grade or "未評価")

    def _method(self) -> str:
        label = self.evaluation.plan.method_label
        if self.evaluation.decided is not Method.AUTOMATIC:
            return f'"{label(self.evaluation.decided)}"'
        otherwise = f'IF({self.average}<>"","{label(Method.PLAN_AVERAGE)}","{label(Method.AUTOMATIC)}")'
        return f'IF({self.achievement}<>"","{label(Method.TARGET)}",{otherwise})'

    def _adopted(self) -> str:
        cells = {
            Method.TARGET: self.achievement,
            Method.PLAN_AVERAGE: self.average,
            Method.ASSESSMENT: self.assessment,
        }
        automatic = f'IF({self.achievement}<>"",{self.achievement},{self.average})'
        return cells.get(self.evaluation.decided, automatic)

    def _row(self, canvas: Canvas, address: str, label: str, formula: str, value: Fraction | str | None) -> None:
        row = int(address.rpartition("$")[2])
        look = {"font_size": 9, "font_color": MUTED, "bottom": 4, "bottom_color": HAIRLINE}
        canvas.put(row, LABEL_COLUMN, label, canvas.formats(**look))
        number = canvas.formats(num_format="0.0000000%", align="right", **look)
        canvas.formula(row, VALUE_COLUMN, formula, value, number)


@dataclass
class Inputs:
    """Where an action's page has the figures that a meeting may change."""

    years: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Per fiscal year the range of 実施 and that of the weights beside it."""
    indicators: list[tuple[str, str, str]] = field(default_factory=list)
    """Per indicator the cells of baseline, target and actual."""
    assessments: list[str] = field(default_factory=list)
    is_weighted: bool = False


def _mean_of_year(done: str, weights: str, *, is_weighted: bool) -> str:
    if not is_weighted:
        return _mean(done)
    counting = f"SUMPRODUCT(--ISNUMBER({done}),{weights})"
    return f'IF(COUNT({done})=0,"",SUMPRODUCT({done},{weights})/{counting})'


def _mean(cells: str) -> str:
    return f'IF(COUNT({cells})=0,"",AVERAGE({cells}))'


def _span(cells: Sequence[str]) -> str:
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _achievement(result: IndicatorResult, cells: tuple[str, str, str]) -> str:
    """Rule 4 of `docs/rules.md` as a formula over the cells of baseline, target and actual."""
    indicator: Indicator = result.fact.indicator
    baseline, target, actual = cells
    if uses_baseline(indicator):
        rate = f"({actual}-{baseline})/({target}-{baseline})"
    elif indicator.direction is Direction.DOWN:
        rate = f"IF({actual}<={target},1,{target}/{actual})"
    elif indicator.target == 0:
        rate = f"IF({actual}>=0,1,0)"
    else:
        rate = f"{actual}/{target}"
    return f'IF(ISNUMBER({actual}),{rate},"")'
