"""Folders on shares and in the cloud, files that another program holds: nothing is lost, and each is named as what it is."""

import errno
import os
from pathlib import Path

import pytest
from support.city import found
from support.plans import plan_of

from kama_excel.files import retry
from kama_excel.findings import os_errors
from kama_excel.inbox.unread import department_named_by

MONTH = "2026-02"


@pytest.fixture
def sent(city):
    """A city with a form of 甲課 and one of 乙課 in the month's folder."""
    for department, key in (("甲課", "T-1"), ("乙課", "T-2")):
        city.submit(MONTH, department, {("進捗", key, "実施"): 0.5})
    return city


@pytest.fixture
def refuse(monkeypatch):
    """Let reading the file of a name fail with an errno only, as `open` on Windows does; `number` is what Windows knows."""

    def refuse(name, code, number=0, *, times=None):
        read_bytes, refusals = Path.read_bytes, []

        def refusing(self):
            if self.name == name and "forms" not in self.parts and len(refusals) != times:
                refusals.append(self)
                raise OSError(code, "Invalid argument", str(self))
            return read_bytes(self)

        monkeypatch.setattr(Path, "read_bytes", refusing)
        monkeypatch.setattr(os_errors, "_ask_windows", lambda path: number if Path(path).name == name else 0)
        monkeypatch.setattr("time.sleep", lambda _: None)

    return refuse


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        (errno.ENOENT, 53, "計画台帳（workbook_templates/plan.xlsx）を開けません。フォルダに接続できません"),
        (errno.ENOENT, 67, "計画台帳（workbook_templates/plan.xlsx）を開けません。フォルダに接続できません"),
        (
            errno.ENOENT,
            206,
            "計画台帳（workbook_templates/plan.xlsx）を開けません。フォルダかファイルの名前が長すぎます",
        ),
        (errno.EINVAL, 362, "計画台帳（workbook_templates/plan.xlsx）を開けません。クラウド"),
        (errno.ENOENT, 2, "計画台帳（workbook_templates/plan.xlsx）がありません。"),
    ],
)
def test_a_plan_that_cannot_be_reached_is_not_said_to_be_missing(sent, refuse, code, number, said):
    refuse("plan.xlsx", code, number)
    result = sent.invoke("run")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.startswith(said)


def test_a_working_folder_that_is_gone_is_said_to_be_gone(city):
    result = city.invoke("run", "--folder", str(city.root / "gone"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"作業フォルダ（{city.root / 'gone'}）が見つかりません。")


def test_a_folder_in_the_place_of_the_plan_is_said_to_be_one(sent):
    plan = sent.root / "workbook_templates" / "plan.xlsx"
    plan.unlink()
    plan.mkdir()
    assert "ファイルであるはずの場所に、フォルダがあります" in sent.invoke("run").stderr


@pytest.mark.parametrize("mark", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
@pytest.mark.parametrize("command", ["run", "forms", "mail", "status"])
def test_a_plan_that_is_open_is_said(sent, mark, command):
    said = "計画台帳（workbook_templates/plan.xlsx）が開かれています。保存していない変更は反映されません。"
    assert said not in sent.invoke(command, "--month", MONTH).stderr
    (sent.root / "workbook_templates" / mark).write_bytes(b"")
    assert said in sent.invoke(command, "--month", MONTH).stderr


@pytest.mark.parametrize("suffix", [".ods", ".xls", ".xlsm"])
def test_a_plan_saved_in_another_format_beside_the_plan_is_said(sent, suffix):
    assert "同じ場所に" not in sent.invoke("status", "--month", MONTH).stderr
    (sent.root / "workbook_templates" / f"plan{suffix}").write_bytes(b"another format")
    for command in ("run", "status"):
        assert (
            f"同じ場所に「plan{suffix}」があります。使用するのは「plan.xlsx」だけです。"
            in sent.invoke(command, "--month", MONTH).stderr
        )


def test_a_plan_that_is_open_is_said_to_those_who_check_a_form(sent):
    form = str(next((sent.root / "input" / MONTH).iterdir()))
    assert "開かれています" not in sent.invoke("check", form).stderr
    (sent.root / "workbook_templates" / "~$plan.xlsx").write_bytes(b"")
    assert "計画台帳（workbook_templates/plan.xlsx）が開かれています。" in sent.invoke("check", form).stderr


@pytest.mark.parametrize(
    ("code", "number", "found_as", "said"),
    [
        (errno.EACCES, 0, "file-in-use", "ほかのプログラム（Excelなど）で開かれている"),
        (errno.EACCES, 32, "file-in-use", "ほかのプログラム（Excelなど）で開かれている"),
        (errno.EINVAL, 389, "file-inaccessible", "OneDrive"),
        (errno.EINVAL, 59, "file-inaccessible", "フォルダに接続できません"),
        (errno.EINVAL, 225, "file-inaccessible", "ウイルス対策ソフト"),
    ],
)
def test_a_form_that_the_system_does_not_give_out_asks_nothing_of_its_department(
    sent, refuse, code, number, found_as, said
):
    refuse("乙課.xlsx", code, number)
    document = sent.run()
    assert found(document, found_as) == [("", f"input/{MONTH}/乙課.xlsx", "", "")]
    (message,) = [each["message"] + each["advice"] for each in document["findings"] if each["code"] == found_as]
    assert said in message
    assert "もう一度実行してください" in message
    assert "保存し直して" not in message


def test_a_form_that_is_held_for_a_moment_is_read(sent, refuse):
    alone = sent.run()
    refuse("乙課.xlsx", errno.EACCES, 32, times=3)
    assert sent.run() == alone


def test_thirty_forms_that_are_held_are_waited_for_no_longer_than_one(sent, refuse, monkeypatch):
    content = (sent.root / "input" / MONTH / "甲課.xlsx").read_bytes()
    for number in range(30):
        (sent.root / "input" / MONTH / str(number)).mkdir()
        (sent.root / "input" / MONTH / str(number) / "乙課.xlsx").write_bytes(content)
    refuse("乙課.xlsx", errno.EACCES, 32)
    pauses = []
    monkeypatch.setattr("time.sleep", pauses.append)
    assert len(found(sent.run(), "file-in-use")) == 31
    assert sum(pauses) < retry.SECONDS + 5


def test_two_departments_whose_names_make_one_file_name_keep_a_form_and_a_draft_each(city):
    departments = ["a/b課", "a:b課", "A_b課", "CON"]
    city.write_plan(
        アクション=[[1, "アクション一", 1, "", "", "", "", ""]],
        タスク=[[number, 1, "令和7年度", name, "作業"] for number, name in enumerate(departments, start=1)],
        指標=[],
        担当課=[[name] for name in departments],
    )
    assert city.invoke("forms", "--month", MONTH).exit_code == 0
    assert city.invoke("mail", "--month", MONTH, "--kind", "配布").exit_code == 0
    for folder in ("workbook_templates/forms", f"output/{MONTH}/メール"):
        names = [path.name for path in (city.root / folder).iterdir() if not path.name.startswith(".")]
        assert len({name.casefold() for name in names}) == len(departments), names
        assert not [name for name in names if name.casefold().startswith("con.")]
    again = city.invoke("forms", "--month", MONTH)
    assert "うち4件は変更がない" in again.stdout
    assert "この月の様式ではないファイル" not in again.stdout


def form_of(city, department):
    """Return the form of a department as it lies ready to be mailed, None where there is none."""
    path = city.root / "workbook_templates" / "forms" / f"{department}.xlsx"
    return path.read_bytes() if path.exists() else None


def drafts_of(city):
    return sorted(path.name for path in (city.root / "output" / MONTH / "メール").glob("*.eml"))


def test_no_form_is_made_that_would_lose_what_a_file_holds_that_is_in_use(sent, refuse):
    assert sent.invoke("forms", "--month", "2026-03").exit_code == 0
    whole = form_of(sent, "甲課"), form_of(sent, "乙課")
    (sent.root / "workbook_templates" / "forms" / "甲課.xlsx").unlink()
    refuse("乙課.xlsx", errno.EACCES, 32)
    result = sent.invoke("forms", "--month", "2026-03")
    assert result.exit_code == 1
    assert f"input/{MONTH}/乙課.xlsx: ファイルがほかのプログラム（Excelなど）で開かれている" in result.stderr
    assert "様式を作成していない課（上のファイルに報告が含まれている可能性があるため）: 乙課。" in result.stderr
    assert (form_of(sent, "甲課"), form_of(sent, "乙課")) == whole


def test_a_form_is_made_without_such_a_file_where_that_is_asked_for(sent, refuse):
    sent.invoke("forms", "--month", "2026-03")
    whole = form_of(sent, "乙課")
    refuse("乙課.xlsx", errno.EACCES, 32)
    result = sent.invoke("forms", "--month", "2026-03", "--skip-unread", "--department", "乙課")
    assert result.exit_code == 1
    assert "様式を作成していない課" not in result.stderr
    assert form_of(sent, "乙課") != whole


def test_a_file_that_may_be_anybodys_withholds_every_form_and_one_of_an_old_month_none(sent, refuse):
    month = sent.root / "input" / MONTH
    (month / "乙課.xlsx").rename(month / "返信.xlsx")
    refuse("返信.xlsx", errno.EINVAL, 389)
    result = sent.invoke("forms", "--month", "2026-03")
    assert "様式を作成していない課（上のファイルに報告が含まれている可能性があるため）: 甲課、乙課。" in result.stderr
    for department, key in (("甲課", "T-1"), ("乙課", "T-2")):
        sent.submit("2026-03", department, {("進捗", key, "実施"): 0.6}, name=f"{department}3月.xlsx")
    result = sent.invoke("forms", "--month", "2026-04")
    assert "返信.xlsx" in result.stderr
    assert "様式を作成していない課" not in result.stderr


def test_a_department_whose_file_is_in_use_is_not_reminded(sent, refuse):
    (sent.root / "input" / MONTH / "甲課.xlsx").unlink()
    refuse("乙課.xlsx", errno.EACCES, 32)
    result = sent.invoke("mail", "--month", MONTH)
    assert result.exit_code == 1
    assert "下書きを作成していない課（上のファイルに報告が含まれている可能性があるため）: 乙課。" in result.stderr
    assert drafts_of(sent) == ["甲課_督促.eml"]
    assert sent.invoke("mail", "--month", MONTH, "--skip-unread").exit_code == 1
    assert drafts_of(sent) == ["乙課_督促.eml", "甲課_督促.eml"]


def test_a_broken_file_is_named_by_forms_and_mail_and_withholds_nothing(sent):
    (sent.root / "input" / MONTH / "乙課.xlsx").write_bytes(b"PK\x03\x04")
    result = sent.invoke("mail", "--month", MONTH)
    assert (result.exit_code, "作成していない課" in result.stderr) == (1, False)
    assert f"input/{MONTH}/乙課.xlsx: Excelのブックとして開くことができません" in result.stderr
    assert drafts_of(sent) == ["乙課_督促.eml"]


def test_a_file_of_an_earlier_month_that_is_in_use_is_named_by_the_run(sent, refuse):
    sent.submit("2026-03", "甲課", {("進捗", "T-1", "実施"): 0.6})
    refuse("乙課.xlsx", errno.EACCES, 32)
    assert found(sent.run("--month", "2026-03"), "file-in-use") == [("", f"input/{MONTH}/乙課.xlsx", "", "")]


@pytest.mark.parametrize(
    ("file", "department"),
    [
        ("input/2026-02/市民課.xlsx", "市民課"),
        ("input/2026-02/RE 市民課の様式.eml!様式.xlsx", "市民課"),
        ("input/2026-02/支所市民課/様式.xlsx", "支所市民課"),
        ("input/2026-02/旧市民課.xlsx", "市民課"),
        ("input/2026-02/市民課・税務課.xlsx", None),
        ("市民課/2026-02/様式.xlsx", None),
        ("様式.xlsx", None),
    ],
)
def test_the_department_that_a_file_names(file, department):
    departments = [["市民課", "旧市民課"], ["支所市民課"], ["税務課"]]
    tasks = [[number, 1, "令和6年度", row[0], "作業"] for number, row in enumerate(departments, start=1)]
    plan = plan_of(担当課=departments, タスク=tasks, 指標=[], アクション=[[1, "一", 1, "", "", "", "", ""]])
    assert department_named_by(plan, file) == department


def test_a_subfolder_that_cannot_be_opened_is_named_and_the_rest_is_read(sent, monkeypatch):
    before = sent.run("--month", MONTH)
    closed = sent.root / "input" / MONTH / "追加分"
    closed.mkdir()
    (closed / "様式.xlsx").write_bytes(b"")
    scan = os.scandir

    def refuse(path="."):
        if not isinstance(path, int) and Path(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    document = sent.run("--month", MONTH)
    assert [each["reported"] for each in document["actions"]] == [each["reported"] for each in before["actions"]]
    named = [each["file"] for each in document["findings"] if each["severity"] in ("エラー", "警告")]
    assert f"input/{MONTH}/追加分" in named
