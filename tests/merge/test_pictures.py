"""Pictures pasted into the form: placed on the page of their action, or named."""

import datetime as dt
import io
import re
import zipfile
from collections import Counter

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image as PastedImage
from PIL import ExifTags, Image, PngImagePlugin
from support.city import City, fill, found
from support.office import convert
from support.pictures import frame, paste, png, retyped, take_down
from support.plans import plan_of, tables
from support.workers import run_as_worker

from kama_excel.commands.run import run
from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.reading.prepare_picture import PictureError, prepare_picture
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Workspace
from kama_excel.workspace.sent_files import read_file


def jpeg(width=80, height=40, *, orientation=None):
    """Return a photo, red on the left, with a place in its metadata."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    if orientation:
        exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, quality=95)
    return buffer.getvalue()


def media(city, document):
    """Return the pictures in the consolidated workbook."""
    with zipfile.ZipFile(city.root / document["files"]["workbook"]) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]


def test_a_pasted_picture_stands_on_its_actions_page_with_its_caption(city):
    path = city.submit("2026-02", "甲課", {("写真", "P-1-甲課-2", "説明"): "説明会のようす"})
    paste(path, ("写真", frame(path, "P-1-甲課-2"), jpeg()))
    document = city.run()
    assert codes_of_pictures(document) == []
    (placed,) = media(city, document)
    assert Image.open(io.BytesIO(placed)).size == (80, 40)
    assert b"SECRET" not in placed
    page = city.workbook(document)["01"]
    assert any("説明会のようす" in str(cell.value) for row in page.iter_rows() for cell in row)


@pytest.mark.slow
def test_a_picture_placed_in_a_cell_and_a_text_box_are_what_they_are_over_a_cell(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    first, second = (frame(path, f"P-1-甲課-{number}") for number in (1, 2))

    def change(name, sheet, _):
        if name == "写真":
            sheet.embed_image(first, "a.jpg", {"image_data": io.BytesIO(jpeg(60, 30))})
            sheet.embed_image(second, "b.jpg", {"image_data": io.BytesIO(jpeg(90, 30))})
        elif name == "進捗":
            sheet.insert_textbox("L7", "写真は別に送ります")

    retyped(path, change)
    document = city.run()
    assert [Image.open(io.BytesIO(each)).size for each in media(city, document)] == [(60, 30), (90, 30)]
    assert found(document, "form-note") == [("甲課", "input/2026-02/甲課.xlsx", "進捗", "L7")]
    assert found(document, "cell-error") == []
    assert codes_of_pictures(document) == ["picture-without-caption"] * 2


DIAGRAM = """<xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>9</xdr:row></xdr:from><xdr:to/>
<xdr:graphicFrame><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">
<dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:dm="rId90"/>
</a:graphicData></a:graphic></xdr:graphicFrame></xdr:twoCellAnchor>"""
DIAGRAM_DATA = """<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>
<dgm:pt><dgm:t><a:bodyPr/><a:p><a:r><a:t>講座を</a:t></a:r><a:r><a:t>開催</a:t></a:r></a:p></dgm:t></dgm:pt>
<dgm:pt><dgm:t><a:bodyPr/><a:p><a:r><a:t>参加者は120人</a:t></a:r></a:p></dgm:t></dgm:pt>
</dgm:ptLst></dgm:dataModel>"""
RELATION = '<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'


def relate(parts, kind, target):
    """Add a relation, rId90, to the only drawing of a form."""
    parts.setdefault(
        "xl/drawings/_rels/drawing1.xml.rels",
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>',
    )
    rels = parts["xl/drawings/_rels/drawing1.xml.rels"].decode()
    parts["xl/drawings/_rels/drawing1.xml.rels"] = rels.replace(
        "</Relationships>", f"{RELATION.format(kind, target)}</Relationships>"
    ).encode()


def test_what_is_written_on_a_checkbox_and_in_a_diagram_is_named(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    retyped(path, lambda name, sheet, _: sheet.insert_textbox("L7", "8割済") if name == "進捗" else None)

    def change(parts):
        drawing = parts["xl/drawings/drawing1.xml"].decode()
        head, anchor, tail = drawing.partition("<xdr:twoCellAnchor")
        box = f"{anchor}{tail}".removesuffix("</xdr:wsDr>")
        parts["xl/drawings/drawing1.xml"] = (  # as Excel writes what it draws with a control of its own
            f'{head}<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:Choice xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" Requires="a14">{box}</mc:Choice>'
            f"<mc:Fallback/></mc:AlternateContent>{DIAGRAM}</xdr:wsDr>"
        ).encode()
        parts["xl/diagrams/data1.xml"] = DIAGRAM_DATA.encode()
        relate(parts, "diagramData", "../diagrams/data1.xml")

    rewrite(path, change)
    notes = [each for each in city.run()["findings"] if each["code"] == "form-note"]
    assert [(each["sheet"], each["cell"], each["value"]) for each in notes] == [
        ("進捗", "L7", "8割済"),
        ("進捗", "D10", "講座を開催\n参加者は120人"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("extension", "said"),
    [
        (
            '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" {}/>',
            ["picture-effect"],  # Excel shows the drawing in lines, not the picture that is kept beside it
        ),
        (
            '<a14:imgProps xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"><a14:imgLayer {}/></a14:imgProps>',
            ["picture-without-caption"],
        ),
    ],
    ids=["a drawing in lines", "a photo that was touched up"],
)
def test_what_a_program_keeps_beside_a_picture_is_none_of_its_own(city, extension, said):
    path = city.submit("2026-02", "甲課")
    first = frame(path, "P-1-甲課-1")
    image = {"image_data": io.BytesIO(jpeg(60, 30))}
    retyped(path, lambda name, sheet, _: sheet.insert_image(first, "a.jpg", image) if name == "写真" else None)

    def change(parts):
        drawing = parts["xl/drawings/drawing1.xml"].decode()
        head, blip, tail = drawing.partition("<a:blip ")
        attributes, _, rest = tail.partition("/>")
        beside = extension.replace("{}", 'r:embed="rId90"')
        extended = f'<a:extLst><a:ext uri="x">{beside}</a:ext></a:extLst>'
        parts["xl/drawings/drawing1.xml"] = f"{head}{blip}{attributes}>{extended}</a:blip>{rest}".encode()
        parts["xl/media/image9.bin"] = b"<svg/>"
        relate(parts, "image", "../media/image9.bin")

    rewrite(path, change)
    document = city.run()
    assert len(media(city, document)) == (said == ["picture-without-caption"])
    assert codes_of_pictures(document) == said


def crop(path, rectangle):
    """Crop the only picture of a form as Excel says it."""
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'

    def change(parts):
        drawing = parts["xl/drawings/drawing1.xml"].decode()
        cropped = re.sub(r"(<a:blip [^>]*/>)", rf"\1<a:srcRect {space} {rectangle}/>", drawing)
        assert cropped != drawing
        parts["xl/drawings/drawing1.xml"] = cropped.encode()

    rewrite(path, change)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rectangle", "size"),
    [
        ('l="25000" b="50000"', (60, 20)),
        ('l="25%" b="50%"', (60, 20)),
        ('t="-10000" r="0"', (80, 40)),
        (f'l="{"9" * 400}"', (80, 40)),
    ],
)
def test_what_was_cropped_away_is_not_published(city, rectangle, size):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(80, 40)))

    crop(path, rectangle)
    assert [Image.open(io.BytesIO(each)).size for each in media(city, city.run())] == [size]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_what_was_cropped_away_in_another_program_is_not_published(city, office, to):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(80, 40)))
    crop(path, 'l="25000"')
    saved = convert(path, to, office / "other")
    path.unlink()
    (path.parent / saved.name).write_bytes(saved.read_bytes())
    document = city.run()
    sizes = [Image.open(io.BytesIO(each)).size for each in media(city, document)]
    assert sizes == ([(60, 40)] if to == "xlsx" else [])
    unreadable = [each["message"] for each in document["findings"] if each["code"] == "picture-effect"]
    assert [("トリミング" in each) for each in unreadable] == ([] if to == "xlsx" else [True])


def test_the_place_and_not_the_order_says_which_action_a_picture_belongs_to(tmp_path):
    city = City(
        tmp_path,
        タスク=[[1, 1, 2024, "甲課", "一"], [2, 2, 2024, "甲課", "二"]],
        指標=[],
        担当課=[["甲課"]],
        アクション=[each[:7] for each in tables()["アクション"]],
    )
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-2-甲課-1"), jpeg(60, 30)), ("写真", frame(path, "P-1-甲課-1"), jpeg(90, 30)))
    document = city.run()
    with zipfile.ZipFile(city.root / document["files"]["workbook"]) as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/drawings/drawing")]) >= 2
    sizes = {Image.open(io.BytesIO(each)).size for each in media(city, document)}
    assert sizes == {(60, 30), (90, 30)}


def rewrite(path, change):
    """Let `change` do something to a form's parts, bytes by name."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


def break_pictures(path):
    """Put words in the place of every picture of a form."""
    rewrite(path, lambda parts: parts.update({name: b"no picture" for name in parts if name.startswith("xl/media/")}))


@pytest.mark.slow
def test_a_picture_outside_every_frame_one_too_many_and_one_that_is_none_are_named(city):
    path = city.submit("2026-02", "甲課")
    first = frame(path, "P-1-甲課-1")
    paste(path, ("進捗", "C3", jpeg()), *[("写真", first, jpeg(80 + at)) for at in range(4)])
    document = city.run()
    name = "input/2026-02/甲課.xlsx"
    assert found(document, "picture-outside") == [("甲課", name, "進捗", "C3")]
    assert found(document, "picture-too-many") == [("甲課", name, "写真", first)]
    assert len(media(city, document)) == 3
    break_pictures(path)
    document = city.run()
    assert len(found(document, "picture-unreadable")) == 4
    assert media(city, document) == []


def test_a_picture_is_turned_upright_made_small_and_stripped():
    content, width, height = prepare_picture(jpeg(3000, 1500, orientation=6))
    assert (width, height) == (400, 800)
    upright = Image.open(io.BytesIO(content)).convert("RGB")
    assert upright.getpixel((200, 60))[0] > 200
    assert not upright.getexif()


def hidden_words(kind):
    """Return a picture of a kind with where it was taken, in each way that the kind has of saying so."""
    image, exif, png, buffer = Image.new("RGB", (60, 30), "red"), Image.Exif(), PngImagePlugin.PngInfo(), io.BytesIO()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (33.0, 33.0, 47.5), 29: "HIDDEN DAY"})
    exif[0x010E] = "HIDDEN PLACE"
    png.add_text("Comment", "HIDDEN WORDS")
    more = {"PNG": {"pnginfo": png}, "JPEG": {"comment": b"HIDDEN WORDS"}, "GIF": {"comment": b"HIDDEN WORDS"}}
    image.save(buffer, kind, exif=exif, xmp=b"<x>HIDDEN XMP</x>", **more.get(kind, {}))
    return buffer.getvalue() + b"HIDDEN TAIL"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP"])
def test_nothing_that_a_picture_says_of_where_it_was_taken_goes_on(kind):
    assert b"HIDDEN" in hidden_words(kind)
    content, _, _ = prepare_picture(hidden_words(kind))
    assert b"HIDDEN" not in content
    opened = Image.open(io.BytesIO(content))
    assert (dict(opened.getexif()), opened.info.keys() & {"exif", "xmp", "comment", "Comment"}) == ({}, set())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "word"),
    [(b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(60), "EMF"), (b"\xd7\xcd\xc6\x9a" + bytes(60), "WMF")],
)
def test_a_drawing_that_cannot_be_printed_is_named_at_its_cell(city, content, word):
    path = city.submit("2026-02", "甲課")
    place = frame(path, "P-1-甲課-1")
    paste(path, ("写真", place, jpeg()))
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for each in old.namelist():
            new.writestr(each, content if each.startswith("xl/media/") else old.read(each))
    document = city.run()
    assert found(document, "picture-unreadable") == [("甲課", "input/2026-02/甲課.xlsx", "写真", place)]
    assert word in next(each["message"] for each in document["findings"] if each["code"] == "picture-unreadable")


def test_a_picture_with_transparent_parts_stays_one():
    buffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(buffer, "PNG")
    content, _, _ = prepare_picture(buffer.getvalue())
    assert Image.open(io.BytesIO(content)).format == "PNG"


def test_a_picture_of_enormous_size_is_refused_without_being_opened():
    buffer = io.BytesIO()
    Image.new("1", (11_000, 11_000)).save(buffer, "PNG")
    with pytest.raises(PictureError, match="大きすぎます"):
        prepare_picture(buffer.getvalue())


@pytest.mark.slow
def test_pictures_go_out_with_the_next_form_and_come_back_as_they_were(city):
    path = city.submit("2026-02", "甲課", {("写真", "P-1-甲課-2", "説明"): "説明会のようす"})
    paste(path, ("写真", frame(path, "P-1-甲課-2"), jpeg(800, 400, orientation=6)))
    before = city.run()
    next_form = city.form("2026-03", "甲課")
    assert "変更がない" in city.invoke("forms", "--month", "2026-03", "--department", "甲課").stdout
    (city.root / "input" / "2026-03").mkdir()
    (city.root / "input" / "2026-03" / "甲課.xlsx").write_bytes(next_form.read_bytes())
    after = city.run()
    assert media(city, after) == media(city, before)
    assert codes_of_pictures(after) == []
    page = city.workbook(after)["01"]
    assert any("説明会のようす" in str(cell.value) for row in page.iter_rows() for cell in row)


@pytest.mark.slow
@pytest.mark.parametrize("unread", ["甲課.xlsx", "1.jpg"])
def test_what_cannot_be_read_again_for_its_pictures_stands_without_them(city, monkeypatch, unread):
    path = city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.8})
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    path.with_name("1.jpg").write_bytes(jpeg(50, 50))
    path.with_name("2.jpg").write_bytes(jpeg(60, 60)[:300])  # was named in its own month
    for month in ("2026-01", "2026-02"):
        city.submit(month, "乙課")
    whole = city.run()
    assert (sizes(city, whole), said_of_pictures(whole)) == ([40, 50], [])
    opened = Counter()

    def read_once(each, *more):
        opened[each.name] += 1
        if each.name == unread and opened[unread] > 1:
            raise RefusedError(Code.FILE_UNREADABLE, "使用中です")
        return read_file(each, *more)

    monkeypatch.setattr("kama_excel.inbox.arrivals.read_file", read_once)
    document = city.run()
    assert opened[unread] == 2
    assert document["actions"] == whole["actions"]
    assert sizes(city, document) == [50 if unread == "甲課.xlsx" else 40]
    assert said_of_pictures(document) == []
    assert found(document, "file-not-read-again") == [("", f"input/2025-11/{unread}", "", "")]


@pytest.mark.slow
def test_who_watches_is_told_of_files_that_are_read_again_for_their_pictures(city):
    for name in ("1.xlsx", "2.xlsx"):
        city.submit("2025-11", "甲課", name=name)
    for month in ("2026-01", "2026-02"):
        city.submit(month, "乙課")
    told = []
    run(Workspace.of(city.root), watch=lambda *said: told.append(said))
    assert [each for each in told if "写真" in each[0]] == [
        ("以前の月の写真を読み込んでいます", 1, 2),
        ("以前の月の写真を読み込んでいます", 2, 2),
    ]


@pytest.mark.slow
def test_a_picture_of_the_month_before_that_no_form_of_this_month_has_is_named(city):
    path = city.submit("2026-02", "甲課")
    for number, size in ((1, 40), (2, 50), (3, 60)):
        paste(path, ("写真", frame(path, f"P-1-甲課-{number}"), jpeg(size, size)))
    city.run()
    now = city.submit("2026-03", "甲課")  # it goes out with all three
    for cell in ("D5", "E5", "F5"):
        take_down(now, ("写真", cell))
    paste(now, ("写真", "E5", jpeg(70, 70)), ("写真", "F5", jpeg(40, 40)))
    document = city.run()
    assert sizes(city, document) == [
        40,
        70,
    ]  # of the first three one was moved to where the last one was, one was replaced
    assert said_of_pictures(document) == [("picture-cleared", "甲課.xlsx", "F5")]
    (said,) = [each for each in document["findings"] if each["code"] == "picture-cleared"]
    assert (said["severity"], said["department"]) == ("警告", "甲課")
    assert "input/2026-02/甲課.xlsx 「写真」 F5" in said["message"]


@pytest.mark.slow
@pytest.mark.parametrize("is_zipped", [False, True])
def test_the_pictures_of_a_form_that_stands_since_long_ago_are_printed(city, is_zipped):
    path = city.submit("2025-11", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    photo = path.with_name("1.jpg")
    photo.write_bytes(jpeg(50, 50))
    if is_zipped:
        with zipfile.ZipFile(path.with_name("甲課.zip"), "w") as archive:
            for each in (path, photo):
                archive.write(each, each.name)
                each.unlink()
    other = city.submit("2025-12", "乙課")
    paste(other, ("写真", frame(other, "P-1-乙課-1"), jpeg(60, 60)))
    for month in ("2026-01", "2026-02"):
        city.submit(month, "乙課")
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40, 50, 60], [])
    form = city.form("2026-03", "甲課")
    there = openpyxl.load_workbook(form)["写真"]._images  # type: ignore[attr-defined]
    assert [image.width for image in there] == [40, 50]


@pytest.mark.slow
def test_the_pictures_of_an_action_that_ended_long_ago_stay_on_its_page(city):
    actions = tables()["アクション"]
    city.write_plan(アクション=[[*actions[0][:8], "", "2025-11"], actions[1]])
    city.submit("2025-11", "甲課")
    path = city.submit("2025-11", "乙課")
    paste(path, ("写真", frame(path, "P-1-乙課-1"), jpeg(40, 40)))
    path.with_name("1.jpg").write_bytes(jpeg(50, 50))
    for month in ("2025-12", "2026-01", "2026-02"):  # 乙課 still reports the other action
        city.submit(month, "乙課")
    document = city.run()
    assert sizes(city, document) == [40, 50]
    assert "終了" in document["actions"][0]["status"]


def test_a_picture_is_not_missed_where_one_could_not_be_read(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    break_pictures(city.submit("2026-03", "甲課"))
    assert said_of_pictures(city.run()) == [("picture-unreadable", "甲課.xlsx", "D5")]


def test_a_picture_is_not_missed_where_memory_was_short_for_one(city, monkeypatch, tmp_path):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    city.submit("2026-03", "甲課")  # it goes out with the picture
    short = "from PIL import Image\nopened = Image.open\ndef short(data, *given, **how):\n"
    short += "    if '2026-03' in name: raise MemoryError\n    return opened(data, *given, **how)\nImage.open = short\n"
    read = "name, real = '', worker.read_content\ndef read(file, *given, **how):\n    global name\n    name = file\n"
    read += "    return real(file, *given, **how)\nworker.read_content = read\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, short + read)
    assert said_of_pictures(city.run()) == [("picture-too-large", "甲課.xlsx", "D5")]


@pytest.mark.slow
def test_a_picture_that_lies_outside_its_frame_now_is_named_for_that_alone(city):
    path = city.submit("2026-02", "甲課")
    paste(path, *[("写真", frame(path, f"P-1-甲課-{number}"), jpeg(30 + 10 * number, 40)) for number in (1, 2)])
    now = city.submit("2026-03", "甲課")
    take_down(now, ("写真", "D5"))
    paste(now, ("写真", "A1", jpeg(40, 40)))
    assert said_of_pictures(city.run()) == [("picture-outside", "甲課.xlsx", "A1")]
    take_down(now, ("写真", "E5"))
    said = said_of_pictures(city.run())
    assert {code for code, _, _ in said} == {"picture-outside", "picture-cleared"}  # one of the two is gone


@pytest.mark.slow
def test_a_picture_of_an_action_that_the_department_has_no_more_is_not_missed(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    tasks = [[1, 1, "令和6年度", "乙課", "作業一"], [2, 2, "令和7年度", "甲課", "作業二"]]
    city.write_plan(
        タスク=tasks, 指標=[], アクション=[[1, "一", 1, "", "", "", "", "乙課"], [2, "二", 1, "", "", "", "", "甲課"]]
    )
    city.submit("2026-03", "甲課")
    assert said_of_pictures(city.run()) == []


def test_a_picture_that_another_was_pasted_over_is_named_as_covered_alone(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(640, 480)))
    now = city.submit("2026-03", "甲課")  # it goes out with the picture
    paste(now, ("写真", frame(now, "P-1-甲課-1"), jpeg(320, 240)))
    assert {code for code, _, _ in said_of_pictures(city.run())} == {"picture-covered"}


def test_a_picture_of_a_department_that_was_renamed_is_missed_in_its_frame(city):
    form = fill(city.form("2026-03", "甲課").read_bytes(), {}, 記入日=dt.date(2026, 3, 5))
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    city.write_plan(担当課=[["新課", "甲課"], ["乙課"]])
    (city.root / "input" / "2026-03").mkdir()
    (city.root / "input" / "2026-03" / "甲課.xlsx").write_bytes(form)
    assert said_of_pictures(city.run()) == [("picture-cleared", "甲課.xlsx", "D5")]


def test_a_picture_is_not_missed_where_the_form_did_not_come(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    city.submit("2026-03", "乙課")
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [])


@pytest.mark.slow
def test_a_form_with_its_own_pictures_alone_is_untouched_and_one_with_another_is_kept(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-2"), jpeg()))
    form = city.form("2026-03", "甲課")
    assert "書き込み" not in city.invoke("forms", "--month", "2026-04", "--department", "甲課").stdout
    paste(form, ("写真", frame(form, "P-1-甲課-1"), jpeg(60, 60)))
    assert "記入のある前のファイルを残して" in city.invoke("forms", "--month", "2026-05", "--department", "甲課").stdout


def test_a_form_in_which_a_picture_was_cropped_is_kept(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg()))
    crop(city.form("2026-03", "甲課"), 'l="25000"')
    assert "記入のある前のファイルを残して" in city.invoke("forms", "--month", "2026-04", "--department", "甲課").stdout


@pytest.mark.slow
def test_of_two_forms_of_a_month_a_frames_newest_picture_counts(city):
    forms = [city.submit("2026-02", "甲課", name=f"{day}.xlsx", 記入日=f"2026-02-0{day}") for day in (1, 2)]
    for path, size in zip(forms, (40, 60), strict=True):
        paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(size, size)))
    document = city.run()
    (placed,) = media(city, document)
    assert Image.open(io.BytesIO(placed)).size == (60, 60)
    assert found(document, "picture-replaced") == [("甲課", "input/2026-02/1.xlsx", "写真", "D5")]
    (said,) = [each["message"] for each in document["findings"] if each["code"] == "picture-replaced"]
    assert "input/2026-02/2.xlsx 「写真」 D5" in said
    paste(forms[1], ("写真", frame(forms[1], "P-1-甲課-2"), jpeg(50, 50)))
    forms[0].unlink()
    assert found(city.run(), "picture-replaced") == []


def sizes(city, document):
    """Return the widths of the pictures that were placed."""
    return sorted(Image.open(io.BytesIO(each)).width for each in media(city, document))


def codes_of_pictures(document):
    """Return the codes of all that is said of pictures."""
    return [each["code"] for each in document["findings"] if each["code"].startswith("picture")]


def said_of_pictures(document):
    """Return (code, file's own name, cell) of what is said of pictures, that one has no caption apart."""
    return sorted(
        (each["code"], each["file"].rpartition("/")[2], each["cell"])
        for each in document["findings"]
        if each["code"].startswith("picture") and each["code"] != "picture-without-caption"
    )


def answered(city):
    """Send a form with a picture in the first frame; return the path of the form that goes back filled in with it."""
    first = city.submit("2026-02", "甲課", name="1.xlsx", 記入日="2026-02-01")
    paste(first, ("写真", "D5", jpeg(40, 40)))
    return city.submit("2026-02", "甲課", name="2.xlsx", 記入日="2026-02-02")


@pytest.mark.slow
def test_a_picture_that_came_back_deleted_is_withdrawn_and_named_until_somebody_pastes_it_again(city):
    path = answered(city)
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [])
    take_down(path, ("写真", "D5"))
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([], [("picture-withdrawn", "2.xlsx", "D5")])
    (said,) = [each for each in document["findings"] if each["code"] == "picture-withdrawn"]
    assert said["severity"] == "警告"
    assert "input/2026-02/1.xlsx 「写真」 D5" in said["message"]
    again = city.submit("2026-02", "甲課", name="3.xlsx", 記入日="2026-02-03")
    document = city.run()
    assert sizes(city, document) == []
    paste(again, ("写真", "D5", jpeg(40, 40)))
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [])


@pytest.mark.slow
def test_a_withdrawn_picture_is_named_at_its_frame_where_rows_moved_and_where_the_frame_is_gone(city):
    path = answered(city)
    take_down(path, ("写真", "D5"))
    workbook = openpyxl.load_workbook(path)
    for first, other in zip(workbook["写真"][5], workbook["写真"][7], strict=True):
        first.value, other.value = other.value, first.value
    workbook.save(path)
    assert said_of_pictures(city.run()) == [("picture-withdrawn", "2.xlsx", "D7")]
    workbook["写真"].delete_rows(7)
    workbook.save(path)
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([], [("picture-withdrawn", "2.xlsx", "D5")])


@pytest.mark.slow
def test_a_picture_that_was_moved_to_another_frame_is_placed_once(city):
    path = answered(city)
    take_down(path, ("写真", "D5"))
    paste(path, ("写真", "E5", jpeg(40, 40)))
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [("picture-twice", "1.xlsx", "D5")])
    (said,) = [each["message"] for each in document["findings"] if each["code"] == "picture-twice"]
    assert "input/2026-02/2.xlsx 「写真」 E5" in said


def test_a_picture_that_was_pasted_into_two_frames_of_an_action_is_placed_once(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", "E5", jpeg(40, 40)), ("写真", "D5", jpeg(40, 40)), ("写真", "F5", jpeg(60, 60)))
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40, 60], [("picture-twice", "甲課.xlsx", "E5")])


@pytest.mark.slow
def test_a_picture_that_was_replaced_in_the_form_that_went_back_is_no_question_any_more(city):
    path = answered(city)
    take_down(path, ("写真", "D5"))
    paste(path, ("写真", "D5", jpeg(60, 60)))
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([60], [("picture-changed", "1.xlsx", "D5")])


def sections(city):
    """Return the paths of two copies of a form that went out with last month's picture, the older one first."""
    paste(city.submit("2026-01", "甲課", {("写真", "P-1-甲課-1", "説明"): "先月"}), ("写真", "D5", jpeg(40, 40)))
    return [city.submit("2026-02", "甲課", name=f"{day}.xlsx", 記入日=f"2026-02-0{day}") for day in (1, 2)]


@pytest.mark.slow
@pytest.mark.parametrize("newer", [0, 1])
def test_of_two_sections_the_new_picture_counts_with_its_caption_and_not_the_one_that_was_left(city, newer):
    paths = sections(city)
    took, left = paths[newer], paths[1 - newer]
    took.write_bytes(fill(took.read_bytes(), {("写真", "P-1-甲課-1", "説明"): "今月"}))
    take_down(took, ("写真", "D5"))
    paste(took, ("写真", "D5", jpeg(60, 60)))
    paste(paths[1])
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([60], [("picture-changed", left.name, "D5")])
    page = [str(cell.value) for row in city.workbook(document)["01"].iter_rows() for cell in row]
    assert any("今月" in text for text in page)


@pytest.mark.slow
@pytest.mark.parametrize("newer", [0, 1])
def test_of_two_sections_one_that_takes_a_picture_down_is_not_overruled_by_the_other_that_left_it(city, newer):
    paths = sections(city)
    take_down(paths[newer], ("写真", "D5"))
    paste(paths[1])
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == (
        [],
        [("picture-withdrawn", paths[newer].name, "D5")],
    )


@pytest.mark.slow
def test_a_left_picture_gives_way_to_one_of_a_form_that_went_out_without_it(city):
    empty = city.form("2026-02", "甲課").read_bytes()
    paths = sections(city)
    paths[0].write_bytes(fill(empty, {}, 記入日="2026-02-01"))
    paste(paths[0], ("写真", "D5", jpeg(60, 60)))
    paste(paths[1])
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([60], [("picture-changed", "2.xlsx", "D5")])


@pytest.mark.slow
def test_a_file_that_went_out_again_in_the_form_is_placed_once_and_withdrawn_with_it(city):
    city.submit("2026-02", "甲課", name="1.xlsx", 記入日="2026-02-01")
    (city.root / "input" / "2026-02" / "1.jpg").write_bytes(jpeg(40, 40))
    path = city.submit("2026-02", "甲課", name="2.xlsx", 記入日="2026-02-02")
    document = city.run()
    by_name = ("picture-by-name", "1.jpg", "")
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [by_name, ("picture-twice", "1.jpg", "")])
    take_down(path, ("写真", "D5"))
    document = city.run()
    assert sizes(city, document) == []
    assert said_of_pictures(document) == [by_name, ("picture-withdrawn", "2.xlsx", "D5")]


@pytest.mark.slow
def test_a_file_that_went_out_in_the_form_is_replaced_by_what_was_put_into_its_frame(city):
    city.submit("2026-02", "甲課", name="1.xlsx", 記入日="2026-02-01")
    (city.root / "input" / "2026-02" / "1.jpg").write_bytes(jpeg(40, 40))
    path = city.submit("2026-02", "甲課", name="2.xlsx", 記入日="2026-02-02")
    take_down(path, ("写真", "D5"))
    paste(path, ("写真", "D5", jpeg(60, 60)))
    document = city.run()
    by_name = ("picture-by-name", "1.jpg", "")
    assert (sizes(city, document), said_of_pictures(document)) == ([60], [by_name, ("picture-changed", "1.jpg", "")])


@pytest.mark.slow
@pytest.mark.parametrize("newer", [0, 1])
def test_of_two_sections_a_picture_that_one_moved_counts_in_its_new_frame(city, newer):
    paths = sections(city)
    moved, left = paths[newer], paths[1 - newer]
    take_down(moved, ("写真", "D5"))
    paste(moved, ("写真", "E5", jpeg(40, 40)))
    paste(paths[1])
    document = city.run()
    assert (sizes(city, document), said_of_pictures(document)) == ([40], [("picture-twice", left.name, "D5")])


@pytest.mark.slow
def test_a_picture_of_an_action_that_the_department_has_no_more_is_named_as_its_other_inputs_are(city):
    path = city.submit("2026-02", "甲課", {("写真", "P-1-甲課-1", "説明"): "説明会のようす"})
    paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(40, 40)))
    tasks = [[1, 1, "令和6年度", "乙課", "作業一"], [2, 2, "令和7年度", "甲課", "作業二"]]
    actions = [[1, "一", 1, "", "", "", "", "乙課"], [2, "二", 1, "", "", "", "", "甲課"]]
    city.write_plan(タスク=tasks, 指標=[], アクション=actions)
    document = city.run()
    said = sorted((each["code"], each["cell"]) for each in document["findings"] if each["sheet"] == "写真")
    assert (sizes(city, document), said) == ([], [("key-ended", "D5"), ("key-ended", "D6")])


@pytest.mark.slow
def test_a_file_takes_a_frame_that_none_of_the_departments_forms_has_filled(city):
    forms = [city.submit("2026-02", "甲課", name=f"{day}.xlsx", 記入日=f"2026-02-0{day}") for day in (1, 2)]
    paste(forms[0], ("写真", frame(forms[0], "P-1-甲課-1"), jpeg(40, 40)))
    (forms[0].parent / "1.jpg").write_bytes(jpeg(60, 60))
    document = city.run()
    assert sorted(Image.open(io.BytesIO(each)).size for each in media(city, document)) == [(40, 40), (60, 60)]
    assert found(document, "picture-replaced") == []


def test_a_file_of_an_action_without_a_leading_department_goes_to_who_has_its_tasks(tmp_path):
    city = City(tmp_path, アクション=[[*each[:6], ""] for each in tables()["アクション"]])
    path = city.submit("2026-02", "乙課")
    (path.parent / "1.jpg").write_bytes(jpeg())
    document = city.run()
    assert found(document, "picture-by-name") == [("乙課", "input/2026-02/1.jpg", "", "")]
    assert len(media(city, document)) == 1


def test_a_picture_in_a_frame_of_an_action_that_the_plan_does_not_have_is_named(city):
    path = city.submit("2026-02", "甲課")
    place = frame(path, "P-1-甲課-1")
    paste(path, ("写真", place, jpeg()))
    workbook = openpyxl.load_workbook(path)
    workbook["写真"]["A5"] = "P-99-甲課-1"
    workbook.save(path)
    document = city.run()
    assert media(city, document) == []
    assert ("甲課", "input/2026-02/甲課.xlsx", "写真", place) in found(document, "form-key-unknown")


BLANK = write_form(form_content(plan_of(), Month(2026, 2), "甲課"))
PASTED = st.tuples(
    st.sampled_from(["1.xlsx", "2.xlsx"]),
    st.sampled_from(["写真", "写真", "写真", "進捗", "はじめに"]),
    st.integers(1, 9),
    st.sampled_from([1, 4, 5, 5, 8, 30]),
)


@pytest.mark.slow
@settings(max_examples=12)
@given(st.lists(PASTED, max_size=9))
def test_every_picture_of_a_departments_forms_is_placed_once_or_named_once(pasted):
    books = {name: openpyxl.load_workbook(io.BytesIO(BLANK)) for name in ("1.xlsx", "2.xlsx")}
    wanted = Counter()
    for number, (file, sheet, row, column) in enumerate(pasted):
        cell = books[file][sheet].cell(row, column).coordinate
        picture = PastedImage(io.BytesIO(png(8 + number, 8)))
        books[file][sheet].add_image(picture, cell)
        wanted[Place(file, sheet, cell)] += 1
    forms = []
    for name, book in books.items():
        book.save(content := io.BytesIO())
        forms.append(read_form(read_workbook(content.getvalue()), name, ""))
    merged = merge(plan_of(), Month(2026, 2), take_forms(plan_of(), Month(2026, 2), forms))
    findings = [*merged.findings, *(each for form in forms for each in form.findings)]
    became = Counter(each.place for each in merged.pictures)
    became.update(each.place for each in findings if each.code.name.startswith("PICTURE"))
    assert became == wanted


@pytest.mark.slow
def test_a_form_of_before_with_a_row_for_each_photo_is_read_as_before(city):
    path = city.submit("2026-02", "甲課", {("写真", "P-1-甲課-1", "説明"): "今の様式"})
    workbook = openpyxl.load_workbook(path)
    del workbook["写真"]
    sheet = workbook.create_sheet("写真")
    sheet.append(["管理番号", "No", "アクション", "説明", "写真"])
    for number in (1, 2, 3):
        sheet.append([f"P-1-甲課-{number}", 1, "アクション一", f"説明{number}", None])
    workbook.save(path)
    paste(path, ("写真", "E3", jpeg(40, 40)))
    document = city.run()
    assert sizes(city, document) == [40]
    words = [row[:6] for row in city.workbook(document)["データ_記述"].iter_rows(values_only=True)]
    assert any("説明2" in row for row in words)
    assert [code for code, *_ in said_of_pictures(document)] == []
