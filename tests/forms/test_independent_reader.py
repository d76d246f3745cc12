"""Forms with random changes of their meaning, read by the program and by a reader that shares nothing with it.

What the program takes of an input is what the other reader sees in its cell; all else is named at the cell, or the file is
refused. KAMA_INDEPENDENT=20000 python -m pytest tests/forms/test_independent_reader.py tries more of them.
"""

import html
import os
import random
import re
from contextlib import closing
from fractions import Fraction
from functools import partial

import pytest
from support.city import City
from support.dom_reader import read_cells
from support.ooxml_parts import packed, unpacked

from kama_excel.domain.entries import Excluded
from kama_excel.domain.keys import Field
from kama_excel.forms.submission import Submission
from kama_excel.inbox.containers import Refusal
from kama_excel.inbox.sandbox import SandboxedReader
from kama_excel.spreadsheets.cells import position

ROUNDS = int(os.environ.get("KAMA_INDEPENDENT", "60"))
CELL = re.compile(rb'<(?P<p>[a-z]*:?)c r="(?P<r>[A-Z]+\d+)"(?P<a>[^>]*)>(?P<body>.*?)</(?P=p)c>', re.DOTALL)
PERCENT, PLAIN, NAMED = "percent", "plain", "named"
CODES = {
    "0%": PERCENT,
    "0.000%": PERCENT,
    "0.0": PLAIN,
    "#,##0.00": PLAIN,
    "[Red]0.00": PLAIN,
    "#,##0,": NAMED,
    "0.0,,": NAMED,
    "0%%": NAMED,
    ";;;": NAMED,
    '"約"0': NAMED,
    '0"万"': NAMED,
    "[DBNum1]0": NAMED,
    "yyyy/m/d": NAMED,
    "[h]:mm": NAMED,
}
"""Formats, and how a figure of a form is to be read under each."""


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    city = City(tmp_path_factory.mktemp("city"))
    entries = {
        ("進捗", "T-1", "実施"): 0.5,
        ("進捗", "T-3", "実施"): 0.25,
        ("進捗", "T-1", "備考"): "説明会を3回開いた",
        ("進捗", "T-3", "備考"): "予定どおり",
        ("総括評価", "A-1-甲課", "総括評価"): 0.8,
        ("総括評価", "A-1-甲課", "理由"): "だいたい済んだ",
        ("成果と課題", "W-1-甲課", "成果"): "成果の文章",
        ("成果と課題", "W-1-甲課", "課題"): "課題の文章",
    }
    return unpacked(city.submit("2026-02", "甲課", entries, 記入者="山田").read_bytes())


def some_sheet(parts, rng):
    names = [name for name in parts if re.search(r"worksheets[/\\]sheet[2-5]\.xml$", name, re.IGNORECASE)]
    return rng.choice(sorted(names))


def edit_cells(parts, rng, change, share=0.3):
    """Let `change` rewrite the content of some cells: it takes attributes and body and returns both."""
    name = some_sheet(parts, rng)

    def each(match):
        if rng.random() > share:
            return match[0]
        attributes, body = change(match["a"], match["body"])
        return b'<%sc r="%s"%s>%s</%sc>' % (match["p"], match["r"], attributes, body, match["p"])

    parts[name] = CELL.sub(each, parts[name])


def value_of(body):
    match = re.search(rb"<v>([^<]*)</v>", body)
    return match[1] if match else b""


def other_numbers(parts, rng):
    numbers = [
        b"0",
        b"1",
        b"0.7",
        b"70",
        b"1e2",
        b"-3",
        b"0.999999999999",
        b"2958466",
        b"1E400",
        b".5",
        b"7.",
        b"0x10",
        b"1,000",
        b"NaN",
    ]

    def change(attributes, body):
        if b't="' in attributes or b"<f" in body:
            return attributes, body
        return attributes, b"<v>" + rng.choice(numbers) + b"</v>"

    edit_cells(parts, rng, change)


def other_types(parts, rng):
    kinds = [b"n", b"str", b"b", b"e", b"d", b"x"]
    edit_cells(parts, rng, lambda a, body: (re.sub(rb' t="\w+"', b"", a) + b' t="%s"' % rng.choice(kinds), body), 0.1)


def inline_texts(parts, rng):
    words = ["別の文章", "0.9", "90%", "８割", "＝１＋１", "", " ", "1万2千", "外字\ue000", "a&lt;b"]

    def change(attributes, _):
        text = rng.choice(words)
        run = f"<r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t xml:space='preserve'>{text[1:]}</t></r>"
        inside = rng.choice(
            [
                f"<t>{text}</t>",
                run if "&" not in text else f"<t>{text}</t>",
                f"<t>{text}</t><rPh sb='0' eb='1'><t>よみ</t></rPh>",
            ]
        )
        return re.sub(rb' t="\w+"', b"", attributes) + b' t="inlineStr"', f"<is>{inside}</is>".encode()

    edit_cells(parts, rng, change, 0.1)


def formulas(parts, rng):
    shapes = [b"<f>1+1</f>", b'<f t="shared" si="0"/>', b"<f/>"]
    edit_cells(parts, rng, lambda a, body: (a, rng.choice(shapes) + body if b"<f" not in body else body), 0.2)


def other_spellings(parts, rng):
    def change(attributes, body):
        value = value_of(body)
        if not value or b"<f" in body:
            return attributes, body
        spelled = rng.choice(
            [
                b"<v><![CDATA[%s]]></v>" % value,
                b"<v>%s<!-- 9 -->%s</v>" % (value[:1], value[1:]),
                b"<v>&#x%x;%s</v>" % (value[0], value[1:]),
                b"<v>%s</v><f>1</f>" % value,
                b"<v> %s\n</v>" % value,
                b"<v>%s</v><extLst><ext/></extLst>" % value,
                b"<v>%s</v><v>9</v>" % value,
                b"<v><x>9</x>%s</v>" % value,
                b"",
                b"<v></v>",
            ]
        )
        return attributes, spelled

    edit_cells(parts, rng, change, 0.1)


def errors(parts, rng):
    words = [b"#SPILL!", b"#CALC!", b"#GETTING_DATA", b"#REF!", b"#N/A", b"#FIELD!", b""]
    edit_cells(
        parts, rng, lambda a, _: (re.sub(rb' t="\w+"', b"", a) + b' t="e"', b"<v>%s</v>" % rng.choice(words)), 0.1
    )


def wrong_texts(parts, rng):
    def change(attributes, body):
        wrong = rng.choice([b"<v>99999</v>", b"<v/>", b"", b"<v>-1</v>", b"<v>x</v>", b"<v>0</v>"])
        return (attributes, wrong) if b't="s"' in attributes else (attributes, body)

    edit_cells(parts, rng, change, 0.1)


def other_formats(parts, rng):
    """Give some cells a format of the list, under an id that a conditional format may have too."""
    name = next(each for each in parts if each.lower().endswith("styles.xml"))
    styles, first = parts[name], 300
    formats = "".join(
        f'<numFmt numFmtId="{first + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(CODES)
    ).encode()
    styles = re.sub(rb"</numFmts>", formats + b"</numFmts>", styles)
    count = len(re.findall(rb"<xf ", re.search(rb"<cellXfs.*?</cellXfs>", styles, re.DOTALL)[0]))
    looks = b"".join(b'<xf numFmtId="%d" fontId="0" applyNumberFormat="1"/>' % (first + at) for at in range(len(CODES)))
    styles = styles.replace(b"</cellXfs>", looks + b"</cellXfs>")
    dxf = b'<dxf><numFmt numFmtId="%d" formatCode="0%%%%"/></dxf></dxfs>' % (first + rng.randrange(len(CODES)))
    parts[name] = styles.replace(b"</dxfs>", dxf)

    def change(attributes, body):
        return re.sub(rb' s="\d+"', b"", attributes) + b' s="%d"' % (count + rng.randrange(len(CODES))), body

    edit_cells(parts, rng, change, 0.2)


def strike(parts, rng):
    name = next(each for each in parts if each.lower().endswith("styles.xml"))
    parts[name] = re.sub(
        rb"<font>",
        b"<font><strike/>" if rng.random() < 0.5 else b'<font><strike val="0"/>',
        parts[name],
        count=rng.randrange(1, 4),
    )


def without_addresses(parts, rng):
    name = some_sheet(parts, rng)

    def drop(match):
        cells = re.findall(rb'<c r="([A-Z]+)\d+"', match[0])
        wanted = [bytes([65 + at]) for at in range(len(cells))]
        return re.sub(rb'(<c) r="[A-Z]+\d+"', rb"\1", match[0]) if cells == wanted else match[0]

    parts[name] = re.sub(rb"<row [^>]*>.*?</row>", drop, parts[name], flags=re.DOTALL)


def twice(parts, rng):
    name = some_sheet(parts, rng)
    found = [match[0] for match in CELL.finditer(parts[name])]
    if found:
        cell = rng.choice(found)
        again = re.sub(rb"<v>[^<]*</v>", b"<v>0.9</v>", cell)
        parts[name] = parts[name].replace(cell, cell + again, 1)


def second_table(parts, rng):
    name = some_sheet(parts, rng)
    place = rng.choice([b"F5", b"F6", b"E5", b"D5"])
    table = b'</sheetData><sheetData><row r="5"><c r="%s"><v>0.9</v></c></row></sheetData>' % place
    parts[name] = parts[name].replace(b"</sheetData>", table, 1)


def merge(parts, rng):
    name = some_sheet(parts, rng)
    merged = b'<mergeCell ref="%s"/>' % rng.choice([b"F5:F6", b"F4:F5", b"E5:F5", b"F5:L5", b"D5:D9"])
    if b"<mergeCells" in parts[name]:
        parts[name] = parts[name].replace(b"</mergeCells>", merged + b"</mergeCells>")
    else:
        parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>", 1)


def other_names(parts, rng):
    """Store parts under other spellings of their names."""
    spell = rng.choice([str.upper, lambda name: name.replace("/", "\\"), lambda name: name.replace("s", "%73")])
    for name in [each for each in parts if "worksheets/" in each or each.endswith(("styles.xml", "sharedStrings.xml"))]:
        if rng.random() < 0.5 and "_rels" not in name:
            parts[spell(name)] = parts.pop(name)


def other_targets(parts, rng):
    name = "xl/_rels/workbook.xml.rels"
    spell = rng.choice(
        [
            lambda each: b"/xl/" + each,
            lambda each: b"./" + each,
            lambda each: b"../xl/" + each,
            lambda each: each.upper(),
        ]
    )
    parts[name] = re.sub(rb'Target="([^"/][^"]*)"', lambda match: b'Target="%s"' % spell(match[1]), parts[name])


def strict_namespace(parts, _):
    old, new = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    for name in parts:
        if "worksheets/" in name or name.endswith(("workbook.xml", "styles.xml", "sharedStrings.xml")):
            parts[name] = parts[name].replace(old, new)


def rich_texts(parts, rng):
    """Write some texts as runs, of which one may be struck out, with furigana, references or comments."""
    name = next((each for each in parts if each.lower().endswith("sharedstrings.xml")), None) or some_sheet(parts, rng)

    def change(match):
        if rng.random() > 0.15 or b"&lt;" in match[2] or b"&amp;" in match[2]:
            return match[0]
        text = html.unescape(match[2].decode())
        first, rest = text[:1], text[1:]
        shapes = [
            f"<r><t>{first}</t></r><r><rPr><strike/></rPr><t xml:space='preserve'>{rest}</t></r>",
            f"<r><rPr><strike val='0'/></rPr><t>{first}</t></r><r><t xml:space='preserve'>{rest}</t></r>",
            f"<t>{text}</t><rPh sb='0' eb='1'><t>9</t></rPh><phoneticPr fontId='1'/>",
            f"<t>{''.join(f'&#x{ord(each):x};' for each in text)}</t>",
            f"<t><![CDATA[{text}]]></t>",
            f"<t>{first}<!-- 9 -->{rest}</t>",
            f"<t>{first}<?x 9?>{rest}</t>",
        ]
        return b"<%s>%s</%s>" % (match[1], rng.choice(shapes).encode(), match[1])

    parts[name] = re.sub(rb"<(si|is)><t[^>]*>(.*?)</t></\1>", change, parts[name], flags=re.DOTALL)


def prefixes(parts, rng):
    """Name the elements of a part with a prefix, as some programs do."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    names = [each for each in parts if "worksheets/sheet" in each or each.endswith(("styles.xml", "sharedStrings.xml"))]
    for name in names:
        if rng.random() < 0.5 and b"extLst" not in parts[name] and b"mc:" not in parts[name]:
            part = parts[name].replace(b' xmlns="' + space, b' xmlns:x="' + space)
            parts[name] = re.sub(rb"<(/?)(?=[A-Za-z]+[ />])", rb"<\1x:", part)


def encodings(parts, rng):
    name = some_sheet(parts, rng)
    text = re.sub(r"^<\?xml[^>]*>", "", parts[name].decode())
    kind = rng.choice(["utf-16", "utf-8-sig", "shift_jis"])
    head = f'<?xml version="1.0" encoding="{kind.removesuffix("-sig")}"?>'
    parts[name] = (head + text).encode(kind, "xmlcharrefreplace")


def rows(parts, rng):
    """Leave out the numbers of rows, write a row twice, or two in the wrong order."""
    name = some_sheet(parts, rng)
    found = re.findall(rb'<row r="\d+".*?</row>', parts[name], re.DOTALL)
    if len(found) < 2:
        return
    at = rng.randrange(len(found) - 1)
    one, two = found[at : at + 2]
    numbered = [int(re.search(rb'r="(\d+)"', each)[1]) for each in (one, two)]
    match rng.randrange(3):
        case 0 if numbered[1] == numbered[0] + 1:
            parts[name] = parts[name].replace(two, re.sub(rb'<row r="\d+"', b"<row", two), 1)
        case 1:
            parts[name] = parts[name].replace(one, one + one.replace(b"<v>0.5<", b"<v>0.9<"), 1)
        case _:
            parts[name] = parts[name].replace(one + two, two + one, 1)


CHANGES = [
    other_numbers, other_types, inline_texts, formulas, other_spellings, errors, wrong_texts, other_formats, strike,
    without_addresses, twice, second_table, merge, rich_texts, rows, prefixes, encodings, other_names, other_targets,
    strict_namespace,
]  # fmt: skip


def expected(field, cell):
    """Return what the field of a cell may be read as; an empty tuple where nothing is to be taken."""
    if cell.is_odd or cell.is_error or cell.is_struck or cell.value is None:
        return ()
    if isinstance(cell.value, str):
        return (cell.value.strip(),)
    number = Fraction(f"{cell.value:.15g}") if abs(cell.value) < 1e300 else None
    if number is None or (cell.is_formula and number == 0):
        return ()
    look = CODES.get(cell.code, PERCENT if "%" in cell.code else PLAIN)
    if look == NAMED or field not in (Field.DONE, Field.EXPECTED, Field.ASSESSMENT):
        return ()
    if look == PERCENT:
        return (number, number / 100) if number > 1 else (number,)
    return (number / 100,) if number >= 2 else (number,)


def check(form, cells, done):
    """Compare what the program took with what the other reader sees."""
    named = {(each.place.sheet, each.place.cell) for each in form.findings}
    graver = {each.place.sheet for each in form.findings if not each.place.cell}
    for entry in form.entries:
        place = (entry.place.sheet, entry.place.cell)
        seen = cells[entry.place.sheet].get(position(entry.place.cell))
        if place in named or entry.value is None:
            assert place in named or seen is None, (done, entry)
            continue
        assert seen is not None, (done, entry)
        if isinstance(seen.value, str) and not isinstance(entry.value, str):
            continue  # 「８割」: what figures in words mean has tests of its own
        assert not isinstance(entry.value, Excluded), (done, entry)
        assert entry.value in expected(entry.field, seen), (done, entry, seen)
    return graver


@pytest.mark.slow
def test_no_value_is_silently_another_than_an_independent_reader_sees(form):
    rng = random.Random(int(os.environ.get("KAMA_SEED", "1")))
    forms = refused = 0
    with closing(SandboxedReader()) as reader:
        inputs = {
            (each.place.sheet, each.place.cell) for each in reader.read("様式.xlsx", lambda: packed(form)).entries
        }
        for _ in range(ROUNDS):
            parts, done = dict(form), []
            for change in sorted(rng.sample(CHANGES, rng.randrange(1, 4)), key=CHANGES.index):  # names come last
                change(parts, rng)
                done.append(change.__name__)
            content = packed(parts)
            read = reader.read("様式.xlsx", partial(packed, parts))
            if isinstance(read, Refusal):
                assert "想定外" not in read.reason, (done, read)
                refused += 1
                continue
            assert isinstance(read, Submission), done
            forms += 1
            cells = read_cells(content)
            missing_sheets = check(read, cells, done)
            taken = {(each.place.sheet, each.place.cell) for each in read.entries}
            named = {(each.place.sheet, each.place.cell) for each in read.findings}
            for sheet, cell in inputs - taken - named:
                is_seen = (found := cells[sheet].get(position(cell))) is not None and found.value != ""
                assert not is_seen or sheet in missing_sheets, (done, sheet, cell, found)
    assert forms > refused
