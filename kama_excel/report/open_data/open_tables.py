"""The tables of the open data: the machine-readable part of a month's evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kama_excel.domain.entries import Certainty
from kama_excel.evaluation.action import COUNTED_APART, ActionEvaluation
from kama_excel.evaluation.rates import shown_rate
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Aggregation, Direction, Method
from kama_excel.report.month_report import joined
from kama_excel.report.open_data.fields import ACTION_NO, OpenField, OpenTable, Value
from kama_excel.report.public_report import PublicReport, departments_of, public_words, task_state

_PERCENT = "%"
_MONTH = OpenField("month", "対象月", "string", "評価の対象の月（西暦年-月）", "2026-02", is_required=True)
_NO = OpenField("action_no", ACTION_NO, "integer", "計画の中のアクションの番号", "6", is_required=True)
_YEAR = OpenField(
    "fiscal_year", "年度", "integer", "4月から翌年3月までの年度（西暦）", "2025", "年度", is_required=True
)
_TASK_STATES = ("実施", "予定", "対象外", "未報告", "開始前")


def open_tables(source: PublicReport) -> tuple[OpenTable, ...]:
    """Return all tables, アクション first: the others refer to it."""
    yearly = _indicator_years(source)
    return (_actions(source), _years(source), _tasks(source), _indicators(source), yearly, _months(source))


def _percentage(key: str, heading: str, meaning: str, example: str) -> OpenField:
    return OpenField(key, heading, "number", meaning, example, _PERCENT)


def _grade_field(plan: Plan) -> OpenField:
    names = (*plan.bands.names, *(status.value for status in COUNTED_APART))
    return OpenField("grade", "評価区分", "string", "採用した達成率の区分", names[0], is_required=True, choices=names)


def _percent(rate: Fraction | None, each: ActionEvaluation) -> Fraction | None:
    """Return a rate in percent as displayed."""
    return None if rate is None else shown_rate(rate, each.bands) * 100


def _actions(source: PublicReport) -> OpenTable:
    report = source.report
    plan = report.plan
    average = plan.average_label
    methods = tuple(plan.method_label(method) for method in Method)
    fields = (
        _NO,
        OpenField("name", "アクション", "string", "アクションの名称", "インターネット利用機会の向上", is_required=True),
        OpenField("theme", "テーマ", "string", "計画のテーマ", "くらし", is_required=True),
        OpenField(
            "measure", "重点施策", "string", "テーマの中の重点施策", "利用機会等の格差への対応", is_required=True
        ),
        OpenField(
            "aim", "目指すこと", "string", "アクションが目指すこと", "必要な情報を迅速に見つけられるようにします。"
        ),
        OpenField("approach", "やること", "string", "アクションで行うこと", "ホームページの構成を見直します。"),
        OpenField("target", "目標（値）", "string", "アクションの目標", "公式ホームページアクセス数 30%向上"),
        OpenField("owners", "担い手", "string", "アクションを担う課など", "人事秘書課・デジタル戦略課"),
        OpenField("departments", "担当課", "string", "報告を担当する課（複数のときは「、」で区切る）", "人事秘書課"),
        OpenField("method", "算定方法", "string", "採用した率の種類", methods[1], choices=methods),
        _percentage("rate", "達成率（%）", "採用した達成率。未評価のときは空欄", "83.3"),
        _grade_field(plan),
        OpenField("status", "状態", "string", "数値についての注意書き（複数のときは「・」で区切る）", "見込"),
        _percentage("achievement", "目標値に対する達成率（%）", "指標の実績値による達成率", "83.3"),
        _percentage("plan_average", f"{average}進捗率（%）", "年度進捗率の平均", "90.0"),
        _percentage("assessment", "総括評価（%）", "担当課による総括評価の平均", "70.0"),
        OpenField("reported", "報告済みタスク数", "integer", "報告のあったタスクの数", "8", "件", is_required=True),
        OpenField("expected", "報告対象タスク数", "integer", "報告の対象となるタスクの数", "8", "件", is_required=True),
        OpenField("outcome", "成果", "string", "担当課が記した成果", "アクセス数が25%増えました。"),
        OpenField("efforts", "取り組んだこと", "string", "担当課が記した取り組み", "配信方法を整理しました。"),
        OpenField("challenges", "課題", "string", "担当課が記した課題", "SNSとの連携を深めます。"),
    )
    words = public_words(report)

    def row(each: ActionEvaluation) -> tuple[Value, ...]:
        action, written = each.action, words[each.action.no]
        texts = [joined(written, field) or None for field in ("outcome", "efforts", "challenges")]
        described = [action.aim, action.approach, action.target_text, action.owners]
        return (
            *(action.no, action.name, each.measure.theme, each.measure.name),
            *(text or None for text in described),
            "、".join(departments_of(each)) or None,
            plan.method_label(each.method) if each.adopted is not None else None,
            _percent(each.adopted, each),
            each.category,
            "・".join(each.status) or None,
            *(_percent(rate, each) for rate in (each.achievement, each.plan_average, each.assessment)),
            *(each.reported, each.expected),
            *texts,
        )

    rows = tuple(row(each) for each in report.evaluation.actions)
    description = "アクションごとの達成率と評価区分。1行が1件のアクションです。"
    return OpenTable("actions", "アクション", description, fields, (ACTION_NO,), rows, refers_to_actions=False)


def _years(source: PublicReport) -> OpenTable:
    fields = (
        _NO,
        _YEAR,
        _percentage("progress", "年度進捗率（%）", "その年度のタスクの進捗率の平均。値がないときは空欄", "97.5"),
        OpenField(
            "reported", "報告済みタスク数", "integer", "実施の報告があったタスクの数", "4", "件", is_required=True
        ),
        OpenField(
            "expected", "対象タスク数", "integer", "その年度のタスクの数（対象外を除く）", "4", "件", is_required=True
        ),
    )
    rows = tuple(
        (each.action.no, year.fiscal_year, _percent(year.progress, each), year.reported, year.expected)
        for each in source.report.evaluation.actions
        for year in each.years
    )
    description = "アクションと年度ごとの進捗率です。"
    return OpenTable("years", "年度進捗率", description, fields, (ACTION_NO, _YEAR.heading), rows)


def _tasks(source: PublicReport) -> OpenTable:
    number = OpenField("task_no", "タスク番号", "string", "計画の中のタスクの番号", "25", is_required=True)
    fields = (
        _NO,
        _YEAR,
        number,
        OpenField("department", "担当課", "string", "報告を担当する課", "デジタル戦略課", is_required=True),
        OpenField("plan", "計画", "string", "その年度に行うこと", "SNSの配信方法の整理", is_required=True),
        _percentage("progress", "進捗率（%）", "その年度の計画に対してどこまで進んだか", "80"),
        OpenField("state", "区分", "string", "進捗率が何を表すか", "実施", is_required=True, choices=_TASK_STATES),
    )

    def rows() -> Iterable[tuple[Value, ...]]:
        for each in source.report.evaluation.actions:
            for year in each.years:
                for fact in year.tasks:
                    task, progress = fact.task, None if fact.is_excluded else fact.progress
                    named = (task.action_no, task.fiscal_year, task.no, task.department, task.text)
                    yield (*named, _percent(progress, each), task_state(fact, each.month))

    description = "年度ごとの計画（タスク）と進捗率です。"
    key = (_YEAR.heading, number.heading)
    return OpenTable("tasks", "タスク", description, fields, key, tuple(rows()))


def _indicators(source: PublicReport) -> OpenTable:
    number = OpenField("indicator_no", "指標番号", "string", "計画の中の指標の番号", "3", is_required=True)
    directions, certainties = tuple(Direction), tuple(Certainty)
    fields = (
        _NO,
        number,
        OpenField("name", "指標", "string", "指標の名称", "ホームページのアクセス数", is_required=True),
        OpenField("unit", "単位", "string", "基準値・目標値・実績値の単位", "%"),
        OpenField("baseline", "基準値", "number", "計画を始めたときの値", "0", "「単位」の列"),
        OpenField("target", "目標値", "number", "達成率の算定に使う目標。目標値のない指標は空欄", "30", "「単位」の列"),
        OpenField(
            "direction",
            "向き",
            "string",
            "増: 値が大きいほど望ましい、減: 小さいほど望ましい",
            "増",
            choices=directions,
        ),
        OpenField("aggregation", "集計", "string", "年度ごとの実績値の扱い", "最新", choices=tuple(Aggregation)),
        OpenField("actual", "実績値", "number", "達成率の算定に使う値。未報告のときは空欄", "25", "「単位」の列"),
        OpenField("as_of", "時点", "date", "実績値の時点（西暦年-月-日）", "2026-02-08"),
        OpenField("certainty", "確度", "string", "実績値の確からしさ", "確定", choices=certainties),
        _percentage("achievement", "達成率（%）", "目標値に対する達成率", "83.3"),
    )

    def rows() -> Iterable[tuple[Value, ...]]:
        for each in source.report.evaluation.actions:
            for result in (*each.indicators, *each.watched):
                fact, indicator = result.fact, result.fact.indicator
                has_actual = fact.actual is not None
                yield (
                    *(each.action.no, indicator.no, indicator.name, indicator.unit or None),
                    *(indicator.baseline, indicator.target, indicator.direction, indicator.aggregation, fact.actual),
                    *((fact.as_of, fact.certainty) if has_actual and not result.years else (None, None)),
                    _percent(result.achievement, each),
                )

    description = "数値で示された目標と実績値です。"
    return OpenTable("indicators", "指標", description, fields, (number.heading,), tuple(rows()))


def _indicator_years(source: PublicReport) -> OpenTable:
    number = OpenField("indicator_no", "指標番号", "string", "計画の中の指標の番号", "3", is_required=True)
    fields = (
        _NO,
        number,
        _YEAR,
        OpenField("target", "目標値", "number", "その年度の目標値。ないときは空欄", "8", "指標の単位"),
        OpenField("actual", "実績値", "number", "その年度の実績値。未報告と対象外のときは空欄", "9", "指標の単位"),
        OpenField("as_of", "時点", "date", "実績値の時点（西暦年-月-日）", "2025-03-31"),
        OpenField("certainty", "確度", "string", "実績値の確からしさ", "確定", choices=tuple(Certainty)),
        _percentage("rate", "達成率（%）", "その年度の目標値に対する率（上限・下限で調整する前）", "112.5"),
    )

    def rows() -> Iterable[tuple[Value, ...]]:
        for each in source.report.evaluation.actions:
            for result in (*each.indicators, *each.watched):
                for year in result.years:
                    fact = year.fact
                    reported = (None, None, None) if fact.actual is None else (fact.actual, fact.as_of, fact.certainty)
                    keys = (each.action.no, result.fact.indicator.no, year.fiscal_year)
                    yield (*keys, fact.indicator.target, *reported, _percent(year.rate, each))

    description = "年度ごとに報告する指標の、年度ごとの値です。"
    key = (number.heading, _YEAR.heading)
    return OpenTable("indicator_years", "指標の年度ごとの値", description, fields, key, tuple(rows()))


def _months(source: PublicReport) -> OpenTable:
    fields = (
        _MONTH,
        _NO,
        _percentage("rate", "達成率（%）", "その月に採用した達成率。未評価のときは空欄", "83.3"),
        _grade_field(source.report.plan),
    )
    rows = tuple(
        (str(state.month), each.action.no, _percent(each.adopted, each), each.category)
        for state in source.report.states
        for each in state.evaluation.actions
    )
    description = "月ごとの達成率と評価区分の推移です。"
    return OpenTable("months", "月ごとの推移", description, fields, (_MONTH.heading, ACTION_NO), rows)
