"""Every kind of workbook that the program writes, for what checks written files."""

import datetime as dt

import openpyxl

from kama_excel.report.xlsx.workbook import write_workbook
from support.pictures import paste, png
from support.reports import hostile_report


def written_workbooks(city, project):
    """Return the paths of a workbook of a run, a form sent back, prefilled forms, plans, the example and hostile words."""
    city.write_plan(
        評価方法=[[1, "総括評価", dt.date(2026, 2, 10), "推進本部", "仕組みを評価できたため"]],
        訂正=[["T-1", "実施", "45%", dt.date(2026, 2, 10), "事務局", "転記誤り"]],
        指標=[[1, 2, "割合", "%", None, 90, "増", "乙課"]],
    )
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.3})
    sent = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい", ("進捗", "T-3", "実施"): 0.6})
    names = openpyxl.load_workbook(sent).sheetnames
    paste(sent, (next(name for name in ("写真", "成果と写真", "成果と課題") if name in names), "D5", png(60, 40)))
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 81})
    assert city.invoke("run").exit_code in (0, 1)
    assert city.invoke("mail", "--month", "2026-02", "--kind", "差戻し").exit_code == 0
    city.invoke("forms", "--month", "2026-03")
    hostile = city.root / "hostile.xlsx"
    hostile.write_bytes(write_workbook(hostile_report()).read())
    written = [path for path in city.root.rglob("*.xlsx") if "input" not in path.parts]
    written += [project / "workbook_templates" / "plan.xlsx", *(project / "input" / "example").rglob("*.xlsx")]
    assert len(written) >= 9
    return written
