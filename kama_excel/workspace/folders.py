"""The folders of a working folder, the month of a run, and notes about dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from kama_excel.domain.calendar import Month, day_label
from kama_excel.files.retry import Retry
from kama_excel.findings.failure import Failure
from kama_excel.findings.os_errors import FOLDER_FOR_FILE, describe_os_error, is_missing
from kama_excel.workspace.sent_files import files_directly_in, has_any_sent, misnamed_months, months, shown_path

_WEEKEND = (5, 6)  # of `date.weekday`
_NAMED = 5
"""Maximum number of files outside the months that a note lists."""
_OTHER_FORMATS = frozenset({".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".csv"})
"""Suffixes of a plan workbook that was saved in a format that is not read."""


PUBLIC_FOLDER, PUBLIC_PAGE = "公表", "index.html"
"""Below a month's output: the files for the city's website, and its first page."""
CSV_FOLDER = "csv"
"""Below a month's output: the tables for the staff."""


class RunError(Failure):
    """A request that cannot be fulfilled; nothing was changed.

    The message gives the reason and the remedy in Japanese.
    """


class Workspace(NamedTuple):
    """The folders of a city; the others default to folders in `root`, the working folder."""

    root: Path
    input: Path
    output: Path

    @classmethod
    def of(cls, root: Path, input_folder: Path | None = None, output_folder: Path | None = None) -> Workspace:
        """Return the folders of a working folder."""
        return cls(root, input_folder or root / "input", output_folder or root / "output")

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / "workbook_templates" / "plan.xlsx"

    @property
    def forms(self) -> Path:
        """The folder of the forms to mail."""
        return self.root / "workbook_templates" / "forms"

    @property
    def mail_texts(self) -> Path:
        """The folder of the division's own mail texts."""
        return self.root / "workbook_templates" / "mail"

    def shown(self, path: Path) -> str:
        """Return a path as messages and `--json` show it."""
        return shown_path(path, self.root)


def plan_content(workspace: Workspace) -> bytes:
    """Return the bytes of the plan workbook.

    Raises: RunError if it is missing or cannot be read.
    """
    path = workspace.plan
    name = workspace.shown(path)
    try:
        return Retry()(path.read_bytes)
    except OSError as error:
        if isinstance(error, IsADirectoryError | PermissionError) and _is_folder(path):
            raise RunError(f"計画台帳（{name}）を開けません。{FOLDER_FOR_FILE}。何も変更していません。") from error
        if not is_missing(error):
            raise RunError(
                f"計画台帳（{name}）を開けません。{describe_os_error(error)}。何も変更していません。"
            ) from error
        _require_root(workspace)
        if other := _plan_in_another_format(path):
            raise RunError(
                f"計画台帳（{name}）がありません。同じ場所に「{other}」があります。"
                f"Excelで開き、「名前を付けて保存」で、種類を「Excel ブック（*.xlsx）」、名前を「{path.name}」として保存してください。何も変更していません。"
            ) from error
        raise RunError(
            f"計画台帳（{name}）がありません。作業フォルダの中で実行するか、--folder で作業フォルダを指定してください（「kama-excel init」で作成できます）。"
        ) from error


def _require_root(workspace: Workspace) -> None:
    """Check that the working folder exists.

    Raises: RunError if it is missing, for example on a drive that is not connected.
    """
    if not workspace.root.is_dir():
        raise RunError(
            f"作業フォルダ（{workspace.root}）が見つかりません。"
            "名前と、ネットワークドライブへの接続をご確認ください。何も変更していません。"
        )


def _plan_in_another_format(path: Path) -> str:
    """Return the name of a plan workbook in another format beside the plan; '' if none."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return ""
    is_plan = (each for each in names if PurePath(each).stem == path.stem and PurePath(each).suffix in _OTHER_FORMATS)
    return next(is_plan, "")


def _is_folder(path: Path) -> bool:
    """Return whether a folder exists; false without permission to look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def folder_notes(workspace: Workspace) -> Iterator[str]:
    """Yield notes about the plan workbook, and on what in the input folder is of no month."""
    yield from plan_notes(workspace)
    for name in misnamed_months(workspace.input):
        yield f"入力フォルダの「{name}」は、月の名前として認識できないため、読み込んでいません。「2026-02」のような名前にしてください。"
    if files := files_directly_in(workspace.input):
        more = f"ほか{len(files) - _NAMED}個" if len(files) > _NAMED else ""
        named = "、".join(f"「{name}」" for name in files[:_NAMED]) + more
        yield f"入力フォルダの{named}は、月のフォルダの外にあるため、読み込んでいません。「2026-02」のような月のフォルダに移してください。"


def plan_notes(workspace: Workspace) -> Iterator[str]:
    """Yield a note if the plan workbook is open, and if another format of it lies beside it."""
    path = workspace.plan
    if (other := _plan_in_another_format(path)) and path.is_file():
        yield (
            f"計画台帳（{workspace.shown(path)}）と同じ場所に「{other}」があります。使用するのは「{path.name}」だけです。"
            f"「{other}」の変更を反映する場合は、Excelで開き、「名前を付けて保存」で「{path.name}」として保存してください。"
        )
    marks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if any(mark.exists() for mark in marks):
        yield (
            f"計画台帳（{workspace.shown(path)}）が開かれています。保存していない変更は反映されません。"
            "編集の途中の場合は、保存して閉じてから、もう一度実行してください。"
        )


def default_month(workspace: Workspace, today: Month) -> Month:
    """Return the newest month with a folder; today's without one.

    A month that has not begun counts only if files lie in its folder.
    """
    there = reversed(months(workspace.input))
    return next((each for each in there if each <= today or has_any_sent(workspace.input, each)), today)


def newest_month(workspace: Workspace) -> Month:
    """Return the newest month with files, else the newest month folder.

    Raises: RunError if there is none.
    """
    there = months(workspace.input)
    if not there:
        _require_root(workspace)
        shown, named = workspace.shown(workspace.input), "、".join(misnamed_months(workspace.input))
        raise RunError(
            f"入力フォルダ（{shown}）に月のフォルダがありません。「2026-02」のようなフォルダを作成し、届いたメールか様式を保存してください。"
            + (f"（{named} は、月の名前として認識できません。）" if named else "")
        )
    return next((each for each in reversed(there) if has_any_sent(workspace.input, each)), there[-1])


def month_notes(workspace: Workspace, month: Month, today: Month) -> Iterator[str]:
    """Yield notes about a run's month: future, or before an empty month."""
    if month > today:
        yield f"{month} は、まだ来ていない月です（現在は {today}）。月のフォルダの名前をご確認ください。"
    if (newer := default_month(workspace, today)) > month and not has_any_sent(workspace.input, newer):
        yield (
            f"{newer.label}分のフォルダ（{workspace.shown(workspace.input)}/{newer}）には、まだ何も届いていません。"
            "督促は、「督促と差戻し.bat」（kama-excel mail）で作成できます。"
        )


def deadline_notes(month: Month, deadline: dt.date | None) -> Iterator[str]:
    """Yield notes about a deadline of forms or mails: before the month, or on a weekend."""
    if deadline and Month.of(deadline) < month:
        yield f"提出期限（{day_label(deadline)}）は、{month.label}より前の日です。誤りの場合は、正しい日を指定して、作成し直してください。"
    elif deadline and deadline.weekday() in _WEEKEND:
        yield f"提出期限（{day_label(deadline)}）は土曜日か日曜日です。別の日とする場合は、--deadline で指定してください。"


def chosen_month(workspace: Workspace, month: Month | None) -> Month:
    """Return the month to run; without `month` the newest.

    Raises: RunError if the month has no files.
    """
    shown = workspace.shown(workspace.input)
    newest = newest_month(workspace)
    chosen, there = month or newest, months(workspace.input)
    if chosen not in there:
        raise RunError(
            f"{chosen} のフォルダが入力フォルダ（{shown}）にありません。{_describe_missing(chosen, there, shown)}"
        )
    if not has_any_sent(workspace.input, chosen):
        raise RunError(
            f"{shown}/{chosen} が空です。届いたメールか様式をこのフォルダに保存してから、もう一度実行してください。"
            "どの課からも届いていないときは、「督促と差戻し.bat」（kama-excel mail）で督促の下書きを作成できます。"
        )
    return chosen


def _describe_missing(chosen: Month, there: Sequence[Month], shown: str) -> str:
    """Describe where a month without a folder lies among the others, and what to do."""
    first, newest = there[0], there[-1]
    if chosen > newest:
        return f"最も新しい月は {newest} です。届いた様式を {shown}/{chosen} に保存してから実行するか、{newest} までの月を指定してください。"
    if chosen < first:
        return f"様式があるのは {first} からで、それより前の月は集計できません。{first} から {newest} までの月を指定してください。"
    before, after = max(each for each in there if each < chosen), min(each for each in there if each > chosen)
    return (
        f"この月には様式が届いていません。前後の {before} か {after} を指定してください"
        f"（{after} の集計では、提出のない課は前の様式の値で計算されます）。"
    )
