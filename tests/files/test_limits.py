"""Every limit is met by a finding at one more than it allows, and by none at what it allows."""

import io
import zipfile
from contextlib import closing
from email.message import EmailMessage

import openpyxl
import pytest
import xlsxwriter
from PIL import Image
from support.city import City, found
from support.msg import write_msg
from support.pictures import frame, paste, png
from support.plans import plan_of
from support.workers import run_as_worker

from kama_excel.domain.calendar import Month
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.prepare_picture import PictureError, prepare_picture
from kama_excel.forms.snapshot import snapshot_rows
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.inbox import arrivals
from kama_excel.inbox.containers import Refusal
from kama_excel.inbox.sandbox import SandboxedReader
from kama_excel.inbox.worker import read_content
from kama_excel.spreadsheets.reading.ods import read_ods
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.sent_files import read_file

MONTH = "2026-02"


def refusal(content, name="様式.xlsx"):
    """Return the code and the reason by which bytes are refused, None where they are not for their size."""
    read = read_content(name, content)
    is_large = isinstance(read, Refusal) and read.code.slug == "file-too-large"
    return read.reason if is_large else None


def sheet(cells):
    """Return a workbook whose sheet has a 1 in each of these cells."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made = workbook.add_worksheet("数")
    for row, column in cells:
        made.write_number(row, column, 1)
    workbook.close()
    return buffer.getvalue()


def photo(width):
    """Return a JPEG whose end is missed where it is decoded."""
    buffer = io.BytesIO()
    Image.effect_noise((width, 300), 80).save(buffer, "JPEG")
    return buffer.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [each.file_size for each in archive.infolist()]


def archive(count, *, left_by_a_mac=False):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(count):
            made.writestr(f"{number}.pdf", b"%PDF")
            if left_by_a_mac:
                made.writestr(f"__MACOSX/._{number}.pdf", b"x")
    return target.getvalue()


def mail(count):
    part = b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n"
    head = b"From: a@example.jp\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + part * count + b"--b--\r\n"


def test_a_file_as_it_lies(tmp_path, monkeypatch):
    path = tmp_path / "様式.xlsx"
    path.write_bytes(bytes(5 * 1024 * 1024 + 1))
    monkeypatch.setattr(limits, "FILE_BYTES", path.stat().st_size)
    assert len(read_file(path)) == path.stat().st_size
    monkeypatch.setattr(limits, "FILE_BYTES", path.stat().st_size - 1)
    with pytest.raises(RefusedError, match="5MBあります"):
        read_file(path)


def test_how_many_parts_a_container_has_and_how_large_they_are(monkeypatch):
    content = sheet([(0, 0)])
    sizes = parts_of(content)
    for name, most, reason in (
        ("PARTS", len(sizes), f"中に{len(sizes)}個の部品があります"),
        ("PART_BYTES", max(sizes), "展開後の大きさが数百MBを超えます"),
        ("UNPACKED_BYTES", sum(sizes), "展開後の大きさが数百MBを超えます"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, most)
            assert refusal(content) is None
            patch.setattr(limits, name, most - 1)
            assert refusal(content) == reason


def test_how_large_a_part_is_that_is_held_as_a_whole(monkeypatch):
    content = sheet([(row, 0) for row in range(2000)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        largest = max(each.file_size for each in archive.infolist() if each.filename.startswith("xl/worksheets/"))
    monkeypatch.setattr(limits, "XML_BYTES", largest)
    assert refusal(content) is None
    monkeypatch.setattr(limits, "XML_BYTES", largest - 1)
    assert refusal(content) == "中のデータが1つで0MBあります"


def test_how_far_the_cells_of_a_sheet_spread_and_how_many_there_are(monkeypatch):
    spread, filled = sheet([(1, 1), (3, 5)]), sheet([(0, 0), (9, 9), *((5, column) for column in range(8))])
    for name, content, most, corners in (
        ("USED_CELLS", spread, 15, "B2からF4"),
        ("FILLED_CELLS", filled, 10, "A1からJ10"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, most)
            assert refusal(content) is None
            patch.setattr(limits, name, most - 1)
            assert refusal(content) == f"シート「数」で、値のあるセルが{corners}まで広がっています"


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (archive, "送付.zip"),
        (lambda count: archive(count, left_by_a_mac=True), "Macから.zip"),
        (mail, "送付.eml"),
        (lambda count: write_msg([(f"{number}.pdf", b"%PDF") for number in range(count)]), "送付.msg"),
    ],
)
def test_what_a_mail_or_an_archive_brings(monkeypatch, make, name):
    monkeypatch.setattr(limits, "ATTACHMENTS", 3)
    assert refusal(make(3), name) is None
    assert refusal(make(4), name) == "中に4個のファイルがあります"


@pytest.mark.slow
def test_what_lies_in_what(city, monkeypatch):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.5})
    content = archive(2)
    for name in ("一.zip", "二.zip", "三.zip"):
        (city.root / "input" / MONTH / name).write_bytes(content)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as made:
            made.writestr(name, content)
        content = target.getvalue()
    monkeypatch.setattr(limits, "NESTED", 2)
    large = [(file, document) for _, file, _, document in found(city.run(), "file-too-large")]
    assert large == [(f"input/{MONTH}/三.zip!二.zip!一.zip", "")]
    monkeypatch.setattr(limits, "NESTED", 3)
    assert found(city.run(), "file-too-large") == []
    monkeypatch.setattr(limits, "ATTACHMENTS", 2)  # of one container, whatever is in the others
    assert found(city.run(), "file-too-large") == []


def test_what_one_file_of_the_folder_may_bring_with_all_that_is_nested_in_it(city, monkeypatch):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.5})
    with zipfile.ZipFile(city.root / "input" / MONTH / "まとめ.zip", "w") as made:
        for number in range(4):
            made.writestr(f"{number}.eml", mail(2))
    here = f"input/{MONTH}/まとめ.zip"

    def said():
        document = city.run()
        named = [file for _, file, _, _ in found(document, "file-not-read")]
        left = [(each["file"], each["message"]) for each in document["findings"] if each["code"] == "file-not-reached"]
        return named, left

    monkeypatch.setattr(limits, "CONTAINED", 12)  # four mails with two files each
    assert said() == ([f"{here}!{number}.eml!{name}" for number in range(4) for name in ("a.pdf", "a (2).pdf")], [])
    monkeypatch.setattr(limits, "CONTAINED", 5)
    reason = "読み込みの上限に達したため、読み込んでいません（中のファイルのうち、5個より後の{}個）。"
    assert said() == (
        [f"{here}!0.eml!a.pdf", f"{here}!0.eml!a (2).pdf", f"{here}!1.eml!a.pdf"],
        [(f"{here}!1.eml", reason.format(1)), (here, reason.format(2))],
    )


def test_the_pictures_of_a_workbook(city, monkeypatch):
    path = city.submit(MONTH, "甲課")
    frames = [frame(path, f"P-1-甲課-{number}") for number in (1, 2)]
    paste(path, *(("写真", each, png(8, 8, top=(number, 0, 0))) for number, each in enumerate(frames)))
    monkeypatch.setattr(limits, "PICTURES", 2)
    assert [each.reason for each in read_workbook(path.read_bytes()).pictures] == ["", ""]
    monkeypatch.setattr(limits, "PICTURES", 1)
    first, second = read_workbook(path.read_bytes()).pictures
    assert (first.reason, bool(first.content)) == ("", True)
    assert ("枚を超えています" in second.reason, second.content) == (True, b"")
    assert [each.code.slug for each in read_content("様式.xlsx", path.read_bytes()).findings][:1] == [
        "picture-unreadable"
    ]


def test_the_pictures_of_an_opendocument(monkeypatch):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        images = "".join(
            f'<draw:frame s:x="{number}cm" s:width="0.5cm" s:height="0.5cm">'
            f'<draw:image xlink:href="Pictures/{number}.png"/></draw:frame>'
            for number in (1, 2)
        )
        made.writestr(
            "content.xml",
            '<office xmlns:t="t" xmlns:draw="d" xmlns:xlink="x" xmlns:s="s">'
            '<t:table t:name="写真"><t:table-row><t:table-cell>'
            f"{images}</t:table-cell></t:table-row></t:table></office>",
        )
        for number in (1, 2):
            made.writestr(f"Pictures/{number}.png", png(8, 8))
    for most, left_out in ((2, 0), (1, 1)):
        monkeypatch.setattr(limits, "PICTURES", most)
        with zipfile.ZipFile(target) as opened:
            pictures = read_ods(opened, with_pictures=True).pictures
            assert [bool(each.reason) for each in pictures] == [False, bool(left_out)]
            assert [bool(each.content) for each in pictures] == [True, not left_out]


def test_a_pictures_pixels_and_its_longer_side(monkeypatch):
    content = png(40, 30)
    monkeypatch.setattr(limits, "PICTURE_PIXELS", 1200)
    monkeypatch.setattr(limits, "PICTURE_SIDE", 20)
    kept, *size = prepare_picture(content)
    assert (size, Image.open(io.BytesIO(kept)).size) == ([20, 15], (20, 15))
    monkeypatch.setattr(limits, "PICTURE_SIDE", 40)
    assert prepare_picture(content)[1:] == (40, 30)
    monkeypatch.setattr(limits, "PICTURE_PIXELS", 1199)
    with pytest.raises(PictureError):
        prepare_picture(content)


def test_the_merged_cells_of_a_sheet(city, monkeypatch):
    path = city.submit(MONTH, "甲課", {("進捗", "T-1", "備考"): "まとめて"})
    workbook = openpyxl.load_workbook(path)
    already = len(workbook["進捗"].merged_cells.ranges)
    workbook["進捗"].merge_cells("Y5:Y6")
    workbook.save(path)

    def said():
        findings = read_content("様式.xlsx", path.read_bytes()).findings
        return [(each.code.slug, each.place.sheet) for each in findings if "merged" in each.code.slug]

    monkeypatch.setattr(limits, "MERGED_CELLS", already + 2)
    assert said() == []
    monkeypatch.setattr(limits, "MERGED_CELLS", already + 1)
    assert said() == [("form-too-many-merged", "進捗")]


def test_the_inputs_of_a_form(city, monkeypatch):
    path = city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.6})
    workbook = openpyxl.load_workbook(path)
    for row in range(20, 23):
        for column in range(1, 9):
            workbook["進捗"].cell(row, column, workbook["進捗"].cell(5, column).value)
    workbook.save(path)

    def read():
        form = read_content("様式.xlsx", path.read_bytes())
        said = [each for each in form.findings if each.code.slug == "form-too-many-entries"]
        return [each.place.cell for each in form.entries], [(each.place.cell, each.value) for each in said], form

    cells = ["F5", "F6", "F20", "F21", "F22"]
    monkeypatch.setattr(limits, "ENTRIES", 5)
    assert read()[:2] == (cells, [])
    monkeypatch.setattr(limits, "ENTRIES", 3)
    taken, said, form = read()
    assert (taken, said) == (cells[:3], [("F21", "2")])
    assert len(form.inputs) == 3
    assert {each.place.cell for each in form.findings if each.code.slug == "form-outside"}.isdisjoint(cells)
    monkeypatch.setattr(limits, "FINDINGS", 1)
    assert read()[1] == said


def test_the_findings_of_a_form_the_gravest_are_named_and_the_rest_by_sheet_and_range(city, monkeypatch):
    path = city.submit(
        MONTH, "甲課", {("進捗", "T-1", "実施"): "八割ほど"}, 記入日="2026-02-08", 記入者="一", 連絡先="二"
    )
    workbook = openpyxl.load_workbook(path)
    added = workbook.create_sheet("一覧表", 0)
    for row in range(1, 8):
        added.cell(row, 2, row)
    workbook.save(path)

    def said(most):
        monkeypatch.setattr(limits, "FINDINGS", most)
        findings = read_content("様式.xlsx", path.read_bytes()).findings
        return [(each.code.slug, each.place.sheet, each.place.cell, each.value) for each in findings], findings

    named = [("form-outside", "一覧表", f"B{row}", str(row)) for row in range(1, 8)]
    unreadable = ("rate-unreadable", "進捗", "F5", "八割ほど")
    assert said(8)[0] == [unreadable, *named]
    some, findings = said(4)
    assert some == [unreadable, *named[:3], ("form-too-many-findings", "一覧表", "B4", "4")]
    assert "（B4からB7まで）" in findings[-1].message
    assert findings[-1].department == "甲課"


def test_the_findings_that_are_not_named_one_by_one_lie_between_the_first_and_the_last_cell(city, monkeypatch):
    said = {"T-1": "未定", "T-3": "八割ほど", "T-4": "半分ほど"}  # the gravest come first, and they lie below
    path = city.submit(MONTH, "甲課", {("進捗", key, "実施"): text for key, text in said.items()})
    workbook = openpyxl.load_workbook(path)
    workbook["進捗"].title = "進捗の写し"  # is said of the sheet, and of no cell
    workbook.save(path)
    monkeypatch.setattr(limits, "FINDINGS", 1)
    [(place, message)] = [
        (each.place.cell, each.message)
        for each in read_content("様式.xlsx", path.read_bytes()).findings
        if (each.code.slug, each.place.sheet) == ("form-too-many-findings", "進捗の写し")
    ]
    assert (place, "3か所あります（F5からF7まで）。" in message) == ("F5", True), message


def test_the_files_of_a_month(city, monkeypatch):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.5}, name="一.xlsx")
    (city.root / "input" / MONTH / "二.txt").write_text("メモ", encoding="utf-8")
    monkeypatch.setattr(limits, "FILES", 2)
    document = city.run()
    assert found(document, "folder-too-many-files") == []
    assert [file for _, file, _, _ in found(document, "file-not-read")] == [f"input/{MONTH}/二.txt"]
    monkeypatch.setattr(limits, "FILES", 1)
    document = city.run()
    assert found(document, "folder-too-many-files") == [("", f"input/{MONTH}", "", "")]
    assert [each["value"] for each in document["findings"] if each["code"] == "folder-too-many-files"] == ["2"]
    assert found(document, "file-not-read") == []
    assert [each["file"] for each in document["submissions"] if each["file"]] == [f"input/{MONTH}/一.xlsx"]


@pytest.mark.slow
def test_the_months_of_the_input_folder(city, monkeypatch):
    for month, done in (("2025-12", 0.1), ("2026-01", 0.2), (MONTH, 0.3)):
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): done})
    monkeypatch.setattr(limits, "MONTHS", 3)
    whole = city.run()
    assert found(whole, "folder-too-many-months") == []
    monkeypatch.setattr(limits, "MONTHS", 2)
    document = city.run()
    assert found(document, "folder-too-many-months") == [("", "input", "", "")]
    (said,) = [each["message"] for each in document["findings"] if each["code"] == "folder-too-many-months"]
    assert "2026-01 より前の1か月分は読み込んでいません。" in said
    assert document["actions"] == whole["actions"]
    assert found(city.run("--month", "2026-01"), "folder-too-many-months") == []


def test_the_characters_of_a_text(city, monkeypatch):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "備考"): "長" * 40})
    monkeypatch.setattr(limits, "CELL_CHARACTERS", 40)
    assert found(city.run(), "text-shortened") == []
    monkeypatch.setattr(limits, "CELL_CHARACTERS", 39)
    assert [each[2:] for each in found(city.run(), "text-shortened")] == [("進捗", "J5")]


def test_the_cells_that_a_form_says_were_printed_in_it(monkeypatch):
    form = read_workbook(write_form(form_content(plan_of(), Month.parse(MONTH), "甲課")))
    count = len(snapshot_rows(form))
    monkeypatch.setattr(limits, "FILLED_CELLS", count)
    assert len(snapshot_rows(form)) == count
    monkeypatch.setattr(limits, "FILLED_CELLS", count - 1)
    assert snapshot_rows(form) == []


def test_how_many_processes_read(tmp_path, monkeypatch):
    files = []
    for number in range(25):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(b"memo" * 100_000)
        files.append(arrivals.FileToRead(path, path.name, path.name))
    started = []

    def counted():
        started.append(1)
        return SandboxedReader()

    monkeypatch.setattr(arrivals, "SandboxedReader", counted)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    for most in (1, 2):
        started.clear()
        monkeypatch.setattr(limits, "PROCESSES", most)
        with arrivals.start_reading(files) as reading:
            assert len(list(reading.first)) == len(files)
        assert len(started) == most


def test_the_time_and_the_memory_that_one_file_may_take(monkeypatch, tmp_path):
    with closing(SandboxedReader()) as reader:
        assert reader.seconds == limits.SECONDS
    run_as_worker(
        monkeypatch, tmp_path, "import time; worker.read_content = lambda *_, **__: time.sleep(600); worker.main()"
    )
    with closing(SandboxedReader(1)) as reader:
        read = reader.read("様式.xlsx", lambda: b"x")
    assert (read.code.slug, read.reason) == ("file-stopped", "1秒以内に読み込みが終わりませんでした")
    monkeypatch.setattr(limits, "SECONDS_PER_MIB", 0.5)
    with closing(SandboxedReader(1)) as reader:
        read = reader.read("写真の多い様式.xlsx", lambda: bytes(2 * 1024 * 1024))
    assert (read.code.slug, read.reason) == ("file-stopped", "2秒以内に読み込みが終わりませんでした")
    assert limits.more_seconds(limits.FILE_BYTES) <= 2 * 60


def test_the_seconds_that_what_comes_to_nothing_may_take_inside_one_container(city, monkeypatch):
    month = city.root / "input" / MONTH
    month.mkdir(parents=True)
    with zipfile.ZipFile(month / "まとめ.zip", "w") as archive:
        for name in ("0.xlsx", "甲課.xlsx", "乙課/1.xlsx", "._乙課.xlsx"):
            archive.writestr(name, b"PK broken")
    document = city.run()
    assert len(found(document, "file-unreadable")) == 3
    monkeypatch.setattr(limits, "REFUSED_SECONDS", 0.0)
    document = city.run()
    here = f"input/{MONTH}/まとめ.zip!"
    assert found(document, "file-unreadable") == [("", here + "0.xlsx", "", "")]
    left = [("乙課", here + "乙課/1.xlsx", "", ""), ("甲課", here + "甲課.xlsx", "", "")]
    assert sorted(found(document, "file-not-reached")) == left
    assert found(document, "file-passed-over") == [("", here + "._乙課.xlsx", "", "")]
    assert [each["status"] for each in document["submissions"]] == ["読取不可", "読取不可"]


def test_what_is_left_of_a_mail_after_bad_files_is_its_senders(tmp_path, monkeypatch):
    city = City(tmp_path, 担当課=[["甲課", "", "a@example.jp"], ["乙課"]])
    month = city.root / "input" / MONTH
    month.mkdir(parents=True)
    message = EmailMessage()
    message["From"] = "a@example.jp"
    message.set_content('<img src="cid:logo">', subtype="html")
    for name in ("様式.xlsx", "様式２.xlsx"):
        message.add_attachment(b"PK broken", maintype="application", subtype="octet-stream", filename=name)
    logo = {"filename": "image001.png", "cid": "<logo>", "disposition": "inline"}
    message.add_attachment(png(8, 8), maintype="image", subtype="png", **logo)
    (month / "返信.eml").write_bytes(message.as_bytes())
    monkeypatch.setattr(limits, "REFUSED_SECONDS", 0.0)
    assert sorted(found(city.run(), "file-not-reached")) == [
        ("", f"input/{MONTH}/返信.eml!image001.png", "", ""),
        ("甲課", f"input/{MONTH}/返信.eml!様式２.xlsx", "", ""),
    ]


def test_photos_for_which_there_can_be_no_frame_are_named_and_not_decoded(city):
    city.submit(MONTH, "甲課")
    folder = city.root / "input" / MONTH
    torn = (2, 4, 5)  # to be noticed where it is decoded
    names = [*(f"アクション1_{number}.jpg" for number in range(5)), "集合写真.jpg"]
    with zipfile.ZipFile(folder / "写真.zip", "w") as container:
        for number, name in enumerate(names):
            content = photo(400 + number)
            container.writestr(name, content[: len(content) // 2] if number in torn else content)
    document = city.run()
    here = f"input/{MONTH}/写真.zip!"
    assert [each[1] for each in found(document, "picture-by-name")] == [here + name for name in names[:2]]
    assert [each[1] for each in found(document, "picture-unreadable")] == [here + names[2]]
    assert [each[1] for each in found(document, "picture-too-many")] == [here + name for name in names[3:5]]
    assert [each[1] for each in found(document, "picture-unnumbered")] == [here + names[5]]
