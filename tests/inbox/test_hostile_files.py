"""Files that were made to harm: each costs itself, in bounded time and memory, and the form beside it is read as if alone."""

import functools
import io
import re
import struct
import zipfile
import zlib

import openpyxl
import psutil
import pytest
from PIL import Image
from support.city import City, found
from support.pictures import frame, paste, png
from support.workers import run_as_worker

from kama_excel.files import limits
from kama_excel.inbox.sandbox import SandboxedReader

pytestmark = pytest.mark.slow

MONTH = "2026-02"
HERE = f"input/{MONTH}/"
SHEET, STRINGS, WORKBOOK, STYLES = (
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
)
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(12))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY m SYSTEM "%s">]>'


@pytest.fixture
def city(tmp_path):
    """A city with a good form of 甲課 in the month's folder, and one of 乙課 to be made a hostile one."""
    city = City(tmp_path)
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.5})
    return city


def form(city):
    """Return the other department's form as the program wrote it: its texts are in a part of their own."""
    return city.form(MONTH, "乙課").read_bytes()


def remade(content, change=None, **replaced):
    """Return a workbook with parts changed: `change` maps a part's name to what makes new bytes of its old ones."""
    change = change or {}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, lambda part: part)(old.read(name)))
        for name, part in replaced.items():
            new.writestr(name, part)
    return target.getvalue()


def after_declaration(said, used=b""):
    """Return what puts a document type before the root element, and a use of it as the first text of a cell."""

    def change(part):
        head, declaration, rest = part.partition(b"?>") if part.startswith(b"<?xml") else (b"", b"", part)
        return head + declaration + said + (rest.replace(b"<v>", b"<v>" + used, 1) if used else rest)

    return change


@functools.cache
def zeros(name, gibibytes, *, said=None):
    """Return a ZIP with a part of so many GiB of zeros (a MiB compresses to 1 kB); `said` is the size that it claims."""
    packer, packed, crc = zlib.compressobj(9, wbits=-15), bytearray(), 0
    mebibyte = bytes(1024 * 1024)
    for _ in range(int(gibibytes * 1024)):
        packed += packer.compress(mebibyte)
        crc = zlib.crc32(mebibyte, crc)
    packed += packer.flush()
    size, encoded = said or int(gibibytes * 1024**3), name.encode()
    sizes = struct.pack("<III", crc, len(packed), size)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(encoded), 0)
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHII", len(encoded), 0, 0, 0, 0, 0, 0) + encoded
    start = len(local) + len(encoded) + len(packed)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), start, 0)
    return local + encoded + bytes(packed) + entry + end


def merged(content, name, part):
    """Return a workbook with one part taken from a ZIP as it is, its claims too."""
    (start,) = struct.unpack("<I", part[-6:-2])
    entry_at = start
    local, entry = part[:entry_at], part[entry_at : part.rindex(b"PK\x05\x06")]
    without = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(without, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
    rest = without.getvalue()
    end_at = rest.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HII", rest[end_at + 10 : end_at + 20])
    entry = entry[:42] + struct.pack("<I", offset) + entry[46:]
    directory = rest[offset:end_at] + entry
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, size + len(entry), offset + len(local), 0)
    return rest[:offset] + local + directory + end


def sheet_of(cells, *, dimension="A1:K30", rest=b""):
    """Return what replaces a sheet's cells."""

    def change(part):
        part = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % dimension.encode(), part)
        return re.sub(
            rb"<sheetData>.*</sheetData>", b"<sheetData>" + cells + b"</sheetData>" + rest, part, flags=re.DOTALL
        )

    return change


def huge_picture():
    """Return a PNG that says it has 50,000 × 50,000 pixels."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = struct.pack(">II", 50_000, 50_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


def nested(content, name, times):
    for _ in range(times):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(name, content)
        content, name = target.getvalue(), "中.zip"
    return content


def many_attachments(count):
    parts = b"".join(
        b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="%d.pdf"\r\n\r\n%%PDF\r\n'
        % at
        for at in range(count)
    )
    return (
        b"From: a@example.jp\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"
    )


def deep_mail(depth):
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(depth))
    return b"From: a@example.jp\r\nSubject: x\r\n" + head + b"Content-Type: text/plain\r\n\r\nx\r\n"


def opendocument(rows, head=b""):
    """Return an .ods of these rows; `head` stands before its root element."""
    namespaces = b"".join(
        b' xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (name, name)
        for name in (b"office", b"table", b"text")
    )
    content = b'<?xml version="1.0"?>' + head + b"<office:document-content" + namespaces + b"><office:body>"
    content += b'<office:spreadsheet><table:table table:name="a">' + rows
    content += b"</table:table></office:spreadsheet></office:body></office:document-content>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
    return target.getvalue()


REPEATED = (
    b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    b'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
)
BLANKS = (
    b'<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="4000000000"/>b</text:p>'
    b"</table:table-cell></table:table-row>"
)
SMALL_ROW = b'<row r="%d"><c r="A%d"/></row>'
HOSTILE = {
    "爆弾.xlsx": (lambda good: merged(good, SHEET, zeros(SHEET, 0.25)), "file-too-large"),
    "偽りの爆弾.xlsx": (lambda good: merged(good, STRINGS, zeros(STRINGS, 0.25, said=3000)), "file-unreadable"),
    "爆弾.zip": (lambda _: zeros("様式.xlsx", 0.25), "file-too-large"),
    "入れ子.zip": (lambda good: nested(good, "様式.xlsx", 8), "file-too-large"),
    "笑い（シート）.xlsx": (lambda good: remade(good, {SHEET: after_declaration(LAUGHS, b"&m;")}), "file-unreadable"),
    "笑い（文字）.xlsx": (lambda good: remade(good, {STRINGS: after_declaration(LAUGHS)}), "file-unreadable"),
    "笑い（ブック）.xlsx": (lambda good: remade(good, {WORKBOOK: after_declaration(LAUGHS)}), "file-unreadable"),
    "遅い笑い.xlsx": (
        lambda good: remade(good, {STRINGS: after_declaration(b"<!--" + b"x" * 200_000 + b"-->" + LAUGHS)}),
        "file-unreadable",
    ),
    "よその名前空間.xlsx": (
        lambda good: remade(
            good,
            {SHEET: sheet_of(b'<x:row xmlns:x="u" r="5"><x:c r="F5" t="e"><x:v>#REF!</x:v></x:c></x:row>')},
        ),
        "file-unreadable",
    ),
    "隠れたセル.xlsx": (
        lambda good: remade(
            good,
            {SHEET: sheet_of(b'<row r="5"><x:y xmlns:x="u"><c r="F5" t="e"><v>#REF!</v></c></x:y></row>')},
        ),
        "file-unreadable",
    ),
    "外（ファイル）.xlsx": (
        lambda good: remade(good, {SHEET: after_declaration(OUTSIDE % b"file:///etc/passwd", b"&m;")}),
        "file-unreadable",
    ),
    "外（ネット）.xlsx": (
        lambda good: remade(good, {STYLES: after_declaration(OUTSIDE % b"http://example.invalid/x")}),
        "file-unreadable",
    ),
    "四隅の空の式.xlsx": (
        lambda good: remade(
            good,
            {
                SHEET: sheet_of(
                    b'<row r="1"><c r="A1"><v>1</v></c></row>'
                    b'<row r="1048576"><c r="XFD1048576" t="str"><f>""</f><v></v></c></row>'
                )
            },
        ),
        "file-too-large",
    ),
    "四隅.xlsx": (
        lambda good: remade(
            good,
            {
                SHEET: sheet_of(
                    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                )
            },
        ),
        "file-too-large",
    ),
    "多すぎる部品.xlsx": (
        lambda good: remade(good, **{f"xl/x{at}.xml": b"" for at in range(5001)}),
        "file-too-large",
    ),
    "偽りの数.xlsx": (
        lambda good: remade(
            good,
            {
                STRINGS: lambda part: re.sub(
                    rb"<sst [^>]*>",
                    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                    b'count="4294967295" uniqueCount="4294967295">',
                    part,
                )
            },
        ),
        "file-stopped",
    ),
    "笑い.ods": (lambda _: opendocument(b"", LAUGHS), "file-unreadable"),
    "くり返し.ods": (lambda _: opendocument(REPEATED), "file-too-large"),
    "空白.ods": (lambda _: opendocument(BLANKS), "file-too-large"),
    "多すぎる添付.eml": (lambda _: many_attachments(limits.ATTACHMENTS + 1), "file-too-large"),
}
HARMLESS = {
    "広すぎる範囲.xlsx": lambda good: remade(
        good, {SHEET: lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)}
    ),
    "空の行.xlsx": lambda good: remade(
        good,
        {
            SHEET: lambda part: part.replace(
                b"</sheetData>", b"".join(SMALL_ROW % (at, at) for at in range(1000, 60_000)) + b"</sheetData>"
            )
        },
    ),
    "結合.xlsx": lambda good: remade(
        good,
        {
            SHEET: lambda part: part.replace(
                b"</sheetData>",
                b"</sheetData><mergeCells>"
                + b"".join(b'<mergeCell ref="Z%d:AA%d"/>' % (at, at) for at in range(1, 1_000_000))
                + b"</mergeCells>",
            )
        },
    ),
    "名前.xlsx": lambda good: remade(
        good,
        {
            WORKBOOK: lambda part: part.replace(
                b"</sheets>",
                b"</sheets><definedNames>"
                + b"".join(b'<definedName name="n%d">A1</definedName>' % at for at in range(200_000))
                + b"</definedNames>",
            )
        },
    ),
}


def children():
    return psutil.Process().children(recursive=True)


def test_what_was_made_to_harm_costs_itself_and_nothing_else(city):
    alone = city.run()["actions"]
    good, folder = form(city), city.root / HERE
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make(good))
    (folder / "深い.eml").write_bytes(deep_mail(3000))
    document = city.run()
    said = {}
    for each in document["findings"]:
        if not each["sheet"] and each["file"]:
            said.setdefault(each["file"].removeprefix(HERE).partition("!")[0], set()).add(each["code"])
    assert {name: code for name, (_, code) in HOSTILE.items() if code not in said.get(name, ())} == {}, said
    assert said["深い.eml"] & {"container-unreadable", "container-without-form"}
    assert document["actions"] == alone
    assert children() == []


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_claims_to_be_huge_is_read(city, name):
    (city.root / HERE / name).write_bytes(HARMLESS[name](form(city)))
    document = city.run()
    assert f"{HERE}{name}" in [each["file"] for each in document["submissions"]]
    assert [each["code"] for each in document["findings"] if each["severity"] == "エラー"] == []


def test_a_picture_of_fifty_thousand_pixels_square_is_named(city):
    path = city.root / HERE / "甲課.xlsx"
    paste(path, ("写真", frame(path, "P-1-甲課-1"), png(8, 8)))
    path.write_bytes(remade(path.read_bytes(), {"xl/media/image1.png": lambda _: huge_picture()}))
    (city.root / HERE / "1.png").write_bytes(huge_picture())
    unreadable = found(city.run(), "picture-unreadable")
    assert [each[1:3] for each in unreadable] == [(f"{HERE}1.png", ""), (f"{HERE}甲課.xlsx", "写真")]


# --- nothing is fetched, followed or executed -------------------------------------------------------------------------

NOTED = """
import sys, socket
def note(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.startfile")):
        open("noted", "a").write(event + "\\n")
    if event == "open" and "secret" in str(arguments[0]):
        open("noted", "a").write("opened\\n")
real = worker.read_content
def read(name, *more, **how):
    if name.endswith("知らせ.xlsx"):
        socket.getaddrinfo("127.0.0.1", 80)
    return real(name, *more, **how)
worker.read_content = read
sys.addaudithook(note)
worker.main()
"""


def with_links(content):
    """Return a form that points outwards in each way that a workbook has: to a picture, a workbook, a page, a program."""
    outside = [
        ("image", "http://example.invalid/picture.png"),
        ("hyperlink", "file:///secret"),
        ("externalLinkPath", "http://example.invalid/other.xlsx"),
        ("oleObject", "file:///secret.exe"),
        ("comments", "file:///secret"),
    ]
    relations = "".join(
        f'<Relationship Id="out{at}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/>'
        for at, (kind, target) in enumerate(outside)
    ).encode()
    formula = b'<c r="Z1" t="str"><f>WEBSERVICE("http://example.invalid/")&amp;[1]Sheet1!A1</f><v>x</v></c>'
    head = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return remade(
        content,
        {
            "xl/_rels/workbook.xml.rels": lambda part: part.replace(
                b"</Relationships>", relations + b"</Relationships>"
            ),
            SHEET: lambda part: part.replace(b"</row>", formula + b"</row>", 1),
        },
        **{"xl/worksheets/_rels/sheet2.xml.rels": head + relations + b"</Relationships>"},
    )


def test_nothing_is_fetched_followed_or_executed(city, monkeypatch, tmp_path):
    folder, good = city.root / HERE, form(city)
    run_as_worker(monkeypatch, tmp_path, NOTED)
    monkeypatch.chdir(city.root)
    (folder / "リンク.xlsx").write_bytes(with_links(good))
    (folder / "外.xlsx").write_bytes(HOSTILE["外（ファイル）.xlsx"][0](good))
    (folder / "外のネット.xlsx").write_bytes(HOSTILE["外（ネット）.xlsx"][0](good))
    (folder / "別紙.eml").write_bytes(
        b"From: a@example.jp\r\nSubject: x\r\nContent-Type: message/external-body; access-type=URL; "
        b'URL="http://example.invalid/secret"\r\n\r\nContent-Type: application/pdf\r\n\r\n'
    )
    document = city.run()
    assert f"{HERE}リンク.xlsx" in [each["file"] for each in document["submissions"]]
    assert found(document, "form-outside") == [("乙課", f"{HERE}リンク.xlsx", "進捗", "Z1")]
    assert not (city.root / "noted").exists()
    (folder / "知らせ.xlsx").write_bytes(good)
    city.run()
    assert (city.root / "noted").read_text() == "socket.getaddrinfo\n"  # what looks does see


def with_printed(content, *rows):
    """Say of more cells than there are that the program printed them, in the form's own list of these (JSON)."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    first = next(row[1] for row in workbook["_kama"].iter_rows() if row[0].value == "控え")
    first.value = f"[{','.join(rows)},{first.value[1:]}"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def test_what_a_form_says_was_printed_in_it_is_cleaned_like_what_is_typed(city):
    alone = city.run()["actions"]
    rows = [rf'["進捗","A{row}","T-{row}{text}",false]' for row, text in ((98, r"\ud800"), (99, r"\u001b[31m\u0000"))]
    (city.root / HERE / "乙課.xlsx").write_bytes(with_printed(form(city), *rows))
    document = city.run()
    missing = [
        each for each in document["findings"] if each["code"] == "form-row-missing" and each["cell"] in ("A98", "A99")
    ]
    assert [each["message"].isprintable() for each in missing] == [True, True]
    assert document["actions"] == alone


# --- a library that crashes, hangs, or is taken over -----------------------------------------------------------------

HEAD = "import os, time; real = worker.read_content\n"
DOES = {
    "crashes": "def read(name, *more, **how):\n    return os.abort() if '乙' in name else real(name, *more, **how)\n",
    "ends": "def read(name, *more, **how):\n    return os._exit(0) if '乙' in name else real(name, *more, **how)\n",
    "hangs": "def read(name, *more, **how):\n    while '乙' in name: time.sleep(1)\n    return real(name, *more, **how)\n",
    "eats memory": "def read(name, *more, **how):\n    return bytes(1 << 36) if '乙' in name else real(name, *more, **how)\n",
    "panics": "class Panic(BaseException): pass\n"
    "def read(name, *more, **how):\n    if '乙' in name: raise Panic\n    return real(name, *more, **how)\n",
    "prints": "def read(name, *more, **how):\n    print('noise', flush=True)\n    return real(name, *more, **how)\n",
    "answers nonsense": "import datetime\nclass Odd:\n    def __reduce__(self): return datetime.date, ('x',)\n"
    "def read(name, *more, **how):\n    return Odd() if '乙' in name else real(name, *more, **how)\n",
    "is taken over": "class Evil:\n    def __reduce__(self): return os.mkdir, ('taken over',)\n"
    "def read(name, *more, **how):\n    return Evil() if '乙' in name else real(name, *more, **how)\n",
}


@pytest.mark.parametrize("what", DOES)
def test_a_library_that_fails_over_a_file_costs_that_file(city, monkeypatch, tmp_path, what):
    alone = city.run()["actions"]
    (city.root / HERE / "乙課.xlsx").write_bytes(form(city))
    run_as_worker(monkeypatch, tmp_path, HEAD + DOES[what] + "worker.read_content = read; worker.main()")
    monkeypatch.setattr("kama_excel.inbox.arrivals.SandboxedReader", functools.partial(SandboxedReader, seconds=3.0))
    monkeypatch.chdir(city.root)
    document = city.run()
    codes = {each["code"] for each in document["findings"] if each["file"] == f"{HERE}乙課.xlsx"}
    if what == "prints":
        assert not codes & {"file-stopped", "file-too-large"}
    else:
        assert codes == {"file-too-large" if what == "eats memory" else "file-stopped"}
        assert document["actions"] == alone
    assert not (city.root / "taken over").exists()
    assert children() == []


def test_a_form_is_read_where_python_pickles_an_enum_by_its_name(city, monkeypatch, tmp_path):
    """Python 3.11.0 to 3.11.3, Debian 12's among them, say `getattr` for a member of an Enum."""
    by_name = "import enum; enum.Enum.__reduce_ex__ = lambda self, _: (getattr, (type(self), self._name_))\n"
    city.submit(MONTH, "乙課", {("進捗", "T-2", "実施"): "同上"})
    here = city.run()["findings"]
    assert {each["department"] for each in here} >= {"乙課"}
    run_as_worker(monkeypatch, tmp_path, by_name + "worker.main()")
    assert city.run()["findings"] == here
