"""What both peers compute, as a colleague writes it with pandas."""

from __future__ import annotations

import pandas as pd

BANDS = [(1.0, "達成"), (0.9, "ほぼ達成"), (0.8, "概ね達成"), (0.6, "やや未達"), (0.0, "課題あり")]
FILLS = {"達成": "0B3C6F", "ほぼ達成": "2F74B0", "概ね達成": "BFDDF2", "やや未達": "FBD78A", "課題あり": "B5451B"}


def grade(rate: float) -> str:
    """Return the grade of a rate."""
    return next((name for lower, name in BANDS if rate >= lower - 1e-9), "未評価") if pd.notna(rate) else "未評価"


def evaluate(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per action with its averages, achievement and grade."""
    tasks = tables["進捗"].assign(実施=lambda frame: pd.to_numeric(frame["実施"], errors="coerce"))
    years = tasks.groupby(["No", "年度"])["実施"].mean().unstack()  # noqa: PD010 -- what a colleague writes
    result = years.assign(平均=years.mean(axis=1))
    indicators = tables["指標"].assign(
        達成率=lambda frame: (pd.to_numeric(frame["実績値"], errors="coerce") / pd.to_numeric(frame["目標値"])).clip(
            0, 1
        )
    )
    result["達成率"] = indicators.groupby("No")["達成率"].mean()
    result["採用"] = result["達成率"].fillna(result["平均"])
    result["区分"] = result["採用"].map(grade)
    return result
