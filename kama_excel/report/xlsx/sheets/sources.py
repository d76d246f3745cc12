"""算定方法: the rules, the bands, and the sources of the workbook."""

from __future__ import annotations

from kama_excel import __version__
from kama_excel.evaluation.formulas import LIMITS, NAMES, POINTS
from kama_excel.evaluation.rates import number_text
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Yardstick
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, PALE, SIZE, Formats
from kama_excel.spreadsheets.writing.table import Column, Table, last_row

NAME = "算定方法"
MADE_FROM = "集計に使用したファイル"
PROGRAM, PLAN = "プログラム", "計画台帳"
_WIDTHS = (20.0, 14.0, 60.0)
_BANDS_NOTE = "評価区分は下限の低い順です。この表を変更すると、すべての区分が変わります。"
_RULES = (
    (
        "タスクの進捗率",
        "年度の計画に対する実施の割合（0〜100%）です。空欄は「未報告」で、0%ではありません。備考に理由の記載がある「対象外」は平均から除きます。",
    ),
    (
        "年度進捗率",
        "その年度に報告のあったタスクの平均です（重みのある計画では加重平均）。対象となるタスクのない年度には値がありません。",
    ),
    ("{average}進捗率", "各年度の進捗率を同じ重みで平均します。全タスクの平均ではありません。"),
    (
        "目標（値）に対する達成率",
        "基準値がある場合は（実績値−基準値）÷（目標値−基準値）、ない場合は実績値÷目標値です。値が小さいほど望ましい指標で基準値がない場合は、目標値以下で100%、超えると目標値÷実績値です。{limits}指標が複数ある場合は平均です。{years}",
    ),
    (
        "総括評価",
        "担当課が理由を付けて報告した率です。理由のないものは対象としません。複数の課が報告した場合は平均です。",
    ),
    (
        "採用する達成率",
        "「自動」は、実績値のある指標があれば目標値に対する達成率、なければ{average}です。総括評価は、計画台帳の「評価方法」で決定したときだけ採用します。決定した方法の数値がない場合は未評価です。",
    ),
    ("評価区分", "率を小数第9位（100%を1として）に四捨五入して判定します。表示した率では判定しません。"),
    ("率の表示", "{rounding}"),
    ("見込", "開始前の年度の予定、確定していない実績値、計画期間が終わる前の総括評価を含みます。"),
    ("年度途中", "進行中の年度の進捗を含みます。"),
    ("暫定", "必要な報告の一部がありません。n/m は、m件のうちn件で計算したことを示します。"),
    ("悪化", "実績値が、計画開始時の値より悪化しています。"),
    ("要判断", "総括評価を採用すると評価区分が変わりますが、算定方法がまだ決定されていません。"),
    ("未評価", "評価に用いる数値がありません。"),
    ("評価対象外", "評価のもとになる指標・タスクが、すべて（理由のある）対象外です。"),
    ("終了", "計画台帳の適用終了を過ぎたアクションです。最後の月の評価を示し、区分の件数には含めません。"),
    (
        "次の区分に必要な水準",
        "それぞれの区分に達するために必要な値です（不足とならないよう切り上げ・切り捨てます）。年度の平均は、終わっていない年度がそれぞれこの値になれば到達することを示します。",
    ),
    (
        "このブックの値を変更した場合",
        "各ページの実施・基準値・目標値・実績値・確度・総括評価と、上の区分の下限は、変更すると平均・達成率・状態・区分・一覧・総括・方法の比較まで再計算されます。『予定』の斜体、年度の見出し、データ・確認事項・提出状況の各シートは集計時のままです。正式な訂正は計画台帳の「訂正」に登録してください。",
    ),
)


_LABEL = {"bold": True, "bg_color": PALE}
_RULES_TABLE = Table((Column("", 1, _LABEL), Column("", (2, 3))), title="算定の考え方", has_headings=False)
_SOURCES = Table(
    (Column("", 1, _LABEL), Column("", (2, 3), {"font_name": FIGURES})), title=MADE_FROM, has_headings=False
)
_BANDS_TABLE = Table(
    (
        *(Column("評価区分", 1, {**CENTRED, "bold": True}), Column("下限", 2, {**CENTRED, "num_format": "0%"})),
        Column("点数", 3, {"num_format": 'General"点"'}),
    ),
    size=SIZE,
)
_BANDS_ROW = 3


def write_rules(workbook: Book, formats: Formats, report: Report) -> None:
    """Write the sheet and define the names of the bands, which all grade formulas use."""
    canvas = Canvas(workbook, NAME, formats)
    canvas.widths(*_WIDTHS)
    canvas.head(f"{NAME}　{report.month.label}分", _BANDS_NOTE, links=BACK)
    last = _write_bands(workbook, canvas, report)
    words = _words(report.plan)
    rules = [(label.format(**words), text.format(**words)) for label, text in _RULES]
    blocks = [(1, last)]
    for table, lines in ((_RULES_TABLE, rules), (_SOURCES, sources_of(report))):
        (first, end), *rest = table.write(canvas, last_row(blocks) + 2, lines)
        blocks += [(first - 1, end), *rest]
    canvas.print_setup(footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    canvas.keep_together(blocks)


def _words(plan: Plan) -> dict[str, str]:
    """Return the plan's own words in the rules: average, limits, yardstick and rounding."""
    lower, upper, rounding = plan.bands.limits.lower, plan.bands.limits.upper, plan.bands.rounding
    if lower is None and upper is None:
        limits = "上限・下限は設けません。"
    else:
        low = "" if lower is None else f"{number_text(lower * 100)}"
        high = "" if upper is None else f"{number_text(upper * 100)}%"
        span = f"{low}〜{high}" if low and high else f"{high}以下" if high else f"{low}%以上"
        limits = f"{span}に収め、収める前の値も示します。"
    is_yearly = plan.yardstick is Yardstick.YEARLY and plan.yearly_targets
    place = f"小数第{rounding.digits + 1}位"
    shown = f"{place}以下を切り捨てます。"
    if not rounding.is_cut:
        shown = f"{place}を四捨五入します。四捨五入により、達していない区分に見えるとき（89.96%など）は切り捨てます。"
    return {
        "average": plan.average_label,
        "limits": limits,
        "years": "年度目標のある指標は、実績値と同じ年度の年度目標で測ります。" if is_yearly else "",
        "rounding": shown,
    }


def _write_bands(workbook: Book, canvas: Canvas, report: Report) -> int:
    """Write the bands, lowest first, with points if there are any; return the last row."""
    bands = report.plan.bands
    columns = _BANDS_TABLE.columns if bands.has_points else _BANDS_TABLE.columns[:2]
    lines = [(band.name, band.lower, band.points)[: len(columns)] for band in reversed(bands.bands)]
    last = last_row(_BANDS_TABLE._replace(columns=columns).write(canvas, _BANDS_ROW, lines))
    for name, column in zip((LIMITS, NAMES, POINTS), "BAC"[: len(columns)], strict=False):
        workbook.define_name(name, f"={NAME}!${column}${_BANDS_ROW + 1}:${column}${last}")
    return last


def sources_of(report: Report) -> list[tuple[str, str]]:
    """Return the sources of the workbook as on the sheet: program, plan, forms with hashes."""
    plan_file, _ = report.plan_file
    sources = [
        ("計画", f"{report.plan.name}（計画ID {report.plan.plan_id}）"),
        ("対象月", report.month.label),
        (PROGRAM, f"kama-excel {__version__}"),
        (PLAN, f"{plan_file}\nSHA-256 {report.plan_sha256}"),
    ]
    for status in report.merged.statuses:
        for received in status.received:
            submission = received.submission
            sources.append((status.department, f"{submission.file}\nSHA-256 {submission.sha256}"))
    return sources
