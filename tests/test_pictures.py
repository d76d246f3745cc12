"""Pictures pasted into the form: placed on the page of their action, or named."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from PIL import Image
from support.city import City, found
from support.pictures import frame, paste
from support.plans import tables

from kama_excel.intake.pictures import PictureError, prepare_picture


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
    assert [each["code"] for each in document["findings"] if each["code"].startswith("picture")] == []
    (placed,) = media(city, document)
    assert Image.open(io.BytesIO(placed)).size == (80, 40)
    assert b"SECRET" not in placed
    page = city.workbook(document)["01"]
    assert any("説明会のようす" in str(cell.value) for row in page.iter_rows() for cell in row)


def retyped(path, change):
    """Write a form's values into a workbook of another program's making; `change` may do more to it, by sheet."""
    old, target = openpyxl.load_workbook(path), io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as new:
        for sheet in old:
            written = new.add_worksheet(sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None and not str(cell.value).startswith("="):
                        written.write(cell.row - 1, cell.column - 1, cell.value)
            change(sheet.title, written)
    path.write_bytes(target.getvalue())


def test_a_picture_placed_in_a_cell_and_a_text_box_are_what_they_are_over_a_cell(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    first, second = (frame(path, f"P-1-甲課-{number}") for number in (1, 2))

    def change(name, sheet):
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
    assert [each["code"] for each in document["findings"] if each["code"].startswith("picture")] == []


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


def test_a_picture_outside_every_frame_one_too_many_and_one_that_is_none_are_named(city):
    path = city.submit("2026-02", "甲課")
    first = frame(path, "P-1-甲課-1")
    paste(path, ("進捗", "C3", jpeg()), *[("写真", first, jpeg(80 + at)) for at in range(4)])
    document = city.run()
    name = "input/2026-02/甲課.xlsx"
    assert found(document, "picture-outside") == [("甲課", name, "進捗", "C3")]
    assert found(document, "picture-too-many") == [("甲課", name, "写真", first)]
    assert len(media(city, document)) == 3
    broken = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(broken)) as old, zipfile.ZipFile(path, "w") as new:
        for each in old.namelist():
            new.writestr(each, b"no picture" if each.startswith("xl/media/") else old.read(each))
    document = city.run()
    assert len(found(document, "picture-unreadable")) == 4
    assert media(city, document) == []


def test_a_picture_is_turned_upright_made_small_and_stripped():
    content, width, height = prepare_picture(jpeg(3000, 1500, orientation=6))
    assert (width, height) == (700, 1400)
    upright = Image.open(io.BytesIO(content)).convert("RGB")
    assert upright.getpixel((350, 100))[0] > 200
    assert not upright.getexif()


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


def test_pictures_go_out_with_the_next_form_and_come_back_as_they_were(city):
    path = city.submit("2026-02", "甲課", {("写真", "P-1-甲課-2", "説明"): "説明会のようす"})
    paste(path, ("写真", frame(path, "P-1-甲課-2"), jpeg(800, 400, orientation=6)))
    before = city.run()
    next_form = city.form("2026-03", "甲課")
    assert "変わりがない" in city.invoke("forms", "--month", "2026-03", "--department", "甲課").stdout
    (city.root / "input" / "2026-03").mkdir()
    (city.root / "input" / "2026-03" / "甲課.xlsx").write_bytes(next_form.read_bytes())
    after = city.run()
    assert media(city, after) == media(city, before)
    assert [each["code"] for each in after["findings"] if each["code"].startswith("picture")] == []
    page = city.workbook(after)["01"]
    assert any("説明会のようす" in str(cell.value) for row in page.iter_rows() for cell in row)


def test_a_form_with_its_own_pictures_alone_is_untouched_and_one_with_another_is_kept(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("写真", frame(path, "P-1-甲課-2"), jpeg()))
    form = city.form("2026-03", "甲課")
    assert "書き込み" not in city.invoke("forms", "--month", "2026-04", "--department", "甲課").stdout
    paste(form, ("写真", frame(form, "P-1-甲課-1"), jpeg(60, 60)))
    assert (
        "書き込みのある前のファイルを残して"
        in city.invoke("forms", "--month", "2026-05", "--department", "甲課").stdout
    )


def test_of_two_forms_of_a_month_a_frames_newest_picture_counts(city):
    forms = [city.submit("2026-02", "甲課", name=f"{day}.xlsx", 記入日=f"2026-02-0{day}") for day in (1, 2)]
    for path, size in zip(forms, (40, 60), strict=True):
        paste(path, ("写真", frame(path, "P-1-甲課-1"), jpeg(size, size)))
    (placed,) = media(city, city.run())
    assert Image.open(io.BytesIO(placed)).size == (60, 60)
