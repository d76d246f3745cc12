"""Two result tables as cities printed them: their rates come out of plans and forms, rounded to the printed digits."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from support.city import City


def figure(text):
    """Return a printed figure; of 「4 (21)」, a single year's and the cumulative one, the cumulative one."""
    return float(text.split("(")[-1].rstrip(")").replace(",", "")) if text else None


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["published_rate"].endswith("%")]


def run_city(tmp_path, rows):
    """Enter the table as a plan and a form, run the month and return the indicators of the JSON document."""
    indicators = [
        [
            no,
            no,
            row["indicator"],
            row["unit"],
            figure(row["baseline"]),
            figure(row["target"]),
            {"up": "増", "down": "減"}[row["direction"]],
            "甲課",
        ]
        for no, row in enumerate(rows, start=1)
    ]
    actions = [[no, row["indicator"], 1, "", "", row["indicator"], "甲課"] for no, row in enumerate(rows, start=1)]
    city = City(tmp_path, アクション=actions, 指標=indicators, タスク=[], 担当課=[["甲課"]])
    city.submit(
        "2026-02",
        "甲課",
        {("指標", f"I-{no}", "実績値"): figure(row["actual"]) for no, row in enumerate(rows, start=1)},
    )
    return [action["indicators"][0] for action in city.run()["actions"]]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kurayoshi_1819.csv", "koshu.csv"])
def test_the_printed_rates_come_out(tmp_path, name):
    rows = rows_of(Path(__file__).with_name("published") / name)
    if name == "koshu.csv":
        rows = [
            row | {"baseline": ""} for row in rows
        ]  # printed without the baseline that its last row's text mentions
    computed = run_city(tmp_path, rows)
    differing = []
    for row, indicator in zip(rows, computed, strict=True):
        printed = row["published_rate"].rstrip("%")
        digits = len(printed.partition(".")[2])
        rate = Decimal(repr(indicator["raw"])) * 100
        shown = rate.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        if shown != Decimal(printed):
            differing.append((row["indicator"], str(shown), printed))
    # 就業率 is the city's own slip: it printed actual − target.
    assert differing == ([("就業率", "-325.0", "-1.7")] if name == "kurayoshi_1819.csv" else [])
