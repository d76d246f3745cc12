"""The month end to end, through the commands, from filled forms."""

import json

import pytest
from click.testing import CliRunner

from kama_excel.cli import main


def test_the_documents_figures_come_out_of_the_example(project, tmp_path):
    arguments = ["run", "--folder", str(project), "--input", str(project / "input/example"), "--json"]
    result = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path)])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    actions = {each["no"]: each for each in document["actions"]}

    assert actions[2]["achievement"] == 1
    assert actions[2]["achievement_raw"] == pytest.approx(1.2)
    assert actions[2]["grade"] == "達成"
    assert actions[2]["status"] == []

    assert actions[3]["achievement"] == pytest.approx(0.8)
    assert actions[3]["grade"] == "概ね達成"

    assert actions[6]["year_progress"] == {"2024": 0.75, "2025": 0.975, "2026": 0.975}
    assert actions[6]["plan_average"] == pytest.approx(0.9)
    assert actions[6]["achievement"] == pytest.approx(25 / 30)
    assert (actions[6]["method"], actions[6]["grade"], actions[6]["shown"]) == ("目標値", "概ね達成", "83.3%")
    assert actions[6]["status"] == ["見込"]
    assert (actions[6]["reported"], actions[6]["expected"], actions[6]["basis"]) == (8, 8, "1/1")

    assert actions[13]["year_progress"] == {"2024": 0.425, "2025": 0.5, "2026": 0.7}
    assert actions[13]["plan_average"] == pytest.approx(0.5416666667)
    assert (actions[13]["shown"], actions[13]["grade"], actions[13]["assessment"]) == ("54.2%", "課題あり", 0.7)
    assert {"要判断", "見込"} <= set(actions[13]["status"])
    assert document["summary"]["未評価"] == 46
