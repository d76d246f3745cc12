"""Make every picture of README and docs/ anew: `python docs/pictures.py` (LibreOffice, poppler-utils and Chromium needed).

A picture is a page of a workbook that the program wrote: of the shipped example, of its forms for the next month, or of
a month of the made-up plan in another-plan.md in which things went wrong; or that month's page for the public. Each PNG says in a text chunk of what it was
made (`said`), so that a test can tell without LibreOffice whether it is still what the program writes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import hashlib
import io
import re
import subprocess
import tempfile
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from another_plan import MONTH, enter_plan, plan_tables, reported, send
from example import example
from PIL import Image, ImageChops, PngImagePlugin

from kama_excel.commands.init import lay_out
from kama_excel.commands.run import run
from kama_excel.domain.calendar import Month
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.outbox.prefill import prepare
from kama_excel.spreadsheets.writing.pdf import to_pdf
from kama_excel.workspace.folders import Workspace

FOLDER = Path(__file__).with_name("images")
SOURCE = "Source"
NEXT = Month(2026, 3)
DEADLINE = dt.date(2026, 4, 10)
_MARGIN = 14  # pixels around what is printed
_COLOURS = 96
_DIGEST = re.compile("[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a workbook as a picture: the first that has all the `words`, cut below `share` of its height."""

    name: str
    workbook: str
    sheet: str
    words: str
    share: float = 1.0
    width: int = 900


PICTURES = (
    Picture("demo-summary", "demo", "総括", "進捗の総括", width=1000),
    Picture("demo-action", "demo", "34", "職員の情報リテラシー向上 目指すこと", width=720),
    Picture("summary", "example", "総括", "進捗の総括", width=720),
    Picture("action-06", "example", "06", "インターネット利用機会の向上 達成率の算定", width=720),
    Picture("action-13", "example", "13", "本庁と支所のオンライン化拡充 達成率の算定", width=720),
    Picture("form-cover", "form", "はじめに", "進捗報告様式 記入のしかた", 0.86, width=720),
    Picture("form-progress", "form", "進捗", "タスクの進捗 年度平均", 0.62),
    Picture("form-indicators", "form", "指標", "「実績値」は単位を付けずに", 0.6),
    Picture("form-assessments", "form", "総括評価", "計画期間を通した取り組みの評価", 0.6),
    Picture("form-words", "form", "成果と課題", "報告書にそのまま掲載する文章です", 0.6),
    Picture("form-pictures", "form", "写真", "取組状況の写真 アクションごとに3枚まで", 0.6),
    Picture("form-marked", "marked", "指標", "「実績値」は単位を付けずに", 0.6),
    Picture("month-summary", "month", "総括", "進捗の総括", 0.8, width=720),
    Picture("month-list", "month", "一覧", "アクション一覧", 0.255, width=1200),
    Picture("month-findings", "month", "確認事項", "ご確認をお願いする値です", 0.75, width=1100),
    Picture("month-submissions", "month", "提出状況", "前に提出された様式の値で集計しています", 0.6, width=1100),
    Picture("month-changes", "month", "前月からの変更", "分との比較", 0.7, width=1100),
    Picture("month-methods", "month", "方法の比較", "同じ報告を別の算定方法で計算した場合", 0.5, width=1200),
    Picture("plan-decisions", "plan", "評価方法", "計画台帳 評価方法 決定者", 0.3),
    Picture("public-page", "page", "", "", width=900),
    Picture("plan-corrections", "plan", "訂正", "計画台帳 訂正者", 0.3),
)


def workbooks(folder: Path) -> dict[str, bytes]:
    """Return what is pictured, made in an empty folder."""
    city, town = folder / "city", folder / "town"
    for path, content in example():
        place = city / str(path).replace("input/example", "input")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    tables = {name: list(rows) for name, rows in plan_tables().items()}
    tables["訂正"] = [["T-63", "実施", "85%", dt.date(2026, 3, 19), "町推進会議", "9月の1回を数え忘れていたため"]]
    plan = enter_plan(town, tables)
    sent = reported()
    send(town, plan, MONTH, sent)
    send(town, plan, NEXT, _faulty(sent))
    workspace = Workspace.of(town)
    (workspace.input / str(NEXT) / "会議の資料.docx").write_bytes(b"")
    month = run(workspace, html=True)
    page = month.public_page
    assert page is not None  # noqa: S101 -- it was asked for
    lay_out(folder / "demo", NEXT, demo=True)
    return {
        "demo": run(Workspace.of(folder / "demo")).workbook.read_bytes(),
        "example": run(Workspace.of(city)).workbook.read_bytes(),
        "form": _form(Workspace.of(city), "人事秘書課"),
        "month": month.workbook.read_bytes(),
        "page": page.read_bytes(),
        "marked": _form(workspace, "建設課"),
        "plan": workspace.plan.read_bytes(),
    }


def _faulty(sent: Mapping[str, Mapping[tuple[str, str, str], object]]) -> dict[str, dict[tuple[str, str, str], object]]:
    """Return the reports of a month in which things went wrong: 産業課 is late, others typed what cannot be read."""
    works, office = dict(sent["建設課"]), dict(sent["総務課"])
    works["指標", "I-1", "実績値"] = "750くらい"
    works["指標", "I-3", "実績値"] = "4 (21)"
    office["指標", "I-2", "実績値"] = 12.0
    office["進捗", "T-92", "実施"] = "対象外"
    return {"建設課": works, "総務課": office}


def _form(workspace: Workspace, department: str) -> bytes:
    return write_form(prepare(workspace, NEXT, [department], DEADLINE).content(department))


def said(workbook: bytes, sheet: str) -> str:
    """Return a digest of what a sheet shows: values, fills, sizes, merged cells, footer; not the digests of other files.

    Without a sheet it is a page for the public, and the digest that of its bytes.
    """
    if not sheet:
        return hashlib.sha256(workbook).hexdigest()
    shown = _opened(workbook)[sheet]
    parts = [str(sorted(map(str, shown.merged_cells.ranges))), str(shown.oddFooter.left.text)]
    parts += [f"{name} {size.width}" for name, size in sorted(shown.column_dimensions.items())]
    parts += [f"{row} {size.height}" for row, size in sorted(shown.row_dimensions.items())]
    parts += [
        f"{cell.coordinate} {cell.value!r} {cell.font.sz} {cell.fill.fgColor.rgb}"
        for row in shown.iter_rows()
        for cell in row
        if not _DIGEST.fullmatch(str(cell.value))
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@functools.cache
def _opened(workbook: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():  # openpyxl does not know the data bars of Excel 2010
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)


def source_of(path: Path) -> str:
    """Return the digest that a picture bears."""
    with Image.open(path) as image:
        return str(image.info.get(SOURCE, ""))


def draw(picture: Picture, pdf: Path, digest: str) -> None:
    """Write one picture from the PDF of its workbook."""
    page = _page_of(pdf, picture.words)
    command = ["pdftoppm", "-png", "-r", "150", "-f", str(page), "-l", str(page), str(pdf)]
    image = Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert("RGB")
    image = image.crop((0, 0, image.width, round(image.height * picture.share)))
    white = Image.new("RGB", image.size, "white")
    left, top, right, bottom = ImageChops.difference(image, white).getbbox() or (0, 0, *image.size)
    right, bottom = min(right + _MARGIN, image.width), min(bottom + _MARGIN, image.height)
    image = image.crop((max(left - _MARGIN, 0), max(top - _MARGIN, 0), right, bottom))
    image.thumbnail((picture.width, image.height), Image.Resampling.LANCZOS)
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text(SOURCE, digest)
    image.quantize(_COLOURS).save(FOLDER / f"{picture.name}.png", optimize=True, pnginfo=chunk)


def photograph(picture: Picture, content: bytes, digest: str) -> None:
    """Write the picture of a page for the public as a browser shows its beginning."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "index.html"), Path(folder, "page.png")
        page.write_bytes(content)
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,1300"]
        subprocess.run(["chromium", *options, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
        image = Image.open(shot).convert("RGB")
    image.thumbnail((picture.width, image.height), Image.Resampling.LANCZOS)
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text(SOURCE, digest)
    image.quantize(_COLOURS).save(FOLDER / f"{picture.name}.png", optimize=True, pnginfo=chunk)


def _page_of(pdf: Path, words: str) -> int:
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    pages = [re.sub(r"\s", "", unicodedata.normalize("NFKC", page)) for page in text.split("\f")]
    wanted = [unicodedata.normalize("NFKC", word) for word in words.split()]
    return next(number for number, page in enumerate(pages, 1) if all(word in page for word in wanted))


def main() -> None:
    """Write all pictures; those that show the same as before are left as they are."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        contents = workbooks(Path(folder))
        pdfs: dict[str, Path] = {}
        for picture in PICTURES:
            content, target = contents[picture.workbook], FOLDER / f"{picture.name}.png"
            digest = said(content, picture.sheet)
            if target.is_file() and source_of(target) == digest:
                continue
            if not picture.sheet:
                photograph(picture, content, digest)
                print(f"docs/images/{target.name}")
                continue
            if picture.workbook not in pdfs:
                pdfs[picture.workbook] = Path(folder, f"{picture.workbook}.pdf")
                pdfs[picture.workbook].write_bytes(to_pdf(io.BytesIO(content)))
            draw(picture, pdfs[picture.workbook], digest)
            print(f"docs/images/{target.name}")


if __name__ == "__main__":
    main()
