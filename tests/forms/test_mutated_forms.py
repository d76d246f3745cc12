"""A good form whose parts are changed at random: it is read as it was, or what is not is named; nothing is raised.

KAMA_MUTATIONS=20000 python -m pytest tests/forms/test_mutated_forms.py changes more of them.
"""

import os
import random
import re
from contextlib import closing

import pytest
from support.city import City
from support.ooxml_parts import packed, unpacked

from kama_excel.findings.catalogue import Code
from kama_excel.forms.submission import Submission
from kama_excel.inbox.containers import Refusal
from kama_excel.inbox.sandbox import SandboxedReader

MONTH = "2026-02"
ROUNDS = int(os.environ.get("KAMA_MUTATIONS", "150"))
CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
ROW = re.compile(rb"<row [^>]*?(?:/>|>.*?</row>)", re.DOTALL)


def sheets(parts):
    return [name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]


def any_sheet(parts, rng):
    """Return the name of a sheet that a person sees: the last one is the program's own."""
    return rng.choice(sheets(parts)[:-1])


def rewrite(parts, name, change):
    if name in parts:  # another change may have dropped it
        parts[name] = change(parts[name])


# --- what leaves the workbook the same -------------------------------------------------------------------------------


def shuffle_rows(parts, rng):
    name = any_sheet(parts, rng)
    rows = ROW.findall(parts[name])
    rng.shuffle(rows)
    rewrite(
        parts,
        name,
        lambda part: re.sub(
            rb"(<sheetData>).*(</sheetData>)", lambda m: m[1] + b"".join(rows) + m[2], part, flags=re.DOTALL
        ),
    )


def shuffle_cells(parts, rng):
    def shuffled(match):
        cells = CELL.findall(match[0])
        rng.shuffle(cells)
        head = match[0][: match[0].index(b">") + 1]
        return head + b"".join(cells) + b"</row>" if cells else match[0]

    rewrite(parts, any_sheet(parts, rng), lambda part: ROW.sub(shuffled, part))


def lie_about_the_dimension(parts, rng):
    said = rng.choice([b"A1", b"A1:B2", b"A1:XFD1048576"])
    rewrite(
        parts,
        any_sheet(parts, rng),
        lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % said, part),
    )


def spell_numbers_otherwise(parts, rng):
    def spelled(match):
        number = float(match[1])
        return b"<v>" + rng.choice([f"{number:.17g}", f"{number:E}", f"{number!r}", f"+{number!r}"]).encode() + b"</v>"

    numeric = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?>)(<v>([\d.]+)</v>)')
    rewrite(
        parts,
        any_sheet(parts, rng),
        lambda part: numeric.sub(lambda m: m[1] + spelled(re.match(rb"<v>(.*)</v>", m[2])), part),
    )


def write_comments_between(parts, rng):
    said = rng.choice([b"<!-- x -->", b"<?x y?>", b"\n  ", b"<!--<v>9</v>-->"])
    rewrite(parts, any_sheet(parts, rng), lambda part: re.sub(rb"(?=<row )|(?<=</c>)", said, part))


def prefix_everything(parts, rng):
    name = any_sheet(parts, rng)
    prefixed = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", parts[name])
    parts[name] = prefixed.replace(b"<?x:xml", b"<?xml").replace(b'xmlns="', b'xmlns:x="', 1)


def write_texts_in_their_cells(parts, rng):
    inline_texts(parts, any_sheet(parts, rng))


def inline_texts(parts, name):
    texts = [match[1] for match in re.finditer(rb"<si>(.*?)</si>", parts["xl/sharedStrings.xml"], re.DOTALL)]

    def inline(match):
        return b"<c" + match[1] + b't="inlineStr"' + match[2] + b"><is>" + texts[int(match[3])] + b"</is></c>"

    shared = re.compile(rb'<c( [^>]*?)t="s"([^>]*)><v>(\d+)</v></c>')
    rewrite(parts, name, lambda part: shared.sub(inline, part))


def begin_with_a_mark(parts, rng):
    rewrite(parts, any_sheet(parts, rng), lambda part: b"\xef\xbb\xbf" + part)


def point_from_the_root(parts, rng):
    del rng
    rewrite(parts, "xl/_rels/workbook.xml.rels", lambda part: part.replace(b'Target="', b'Target="/xl/'))


def add_what_nobody_knows(parts, rng):
    parts[f"xl/unknown{rng.random()}.bin"] = rng.randbytes(50)


def order_parts_otherwise(parts, rng):
    names = list(parts)
    rng.shuffle(names)
    content = {name: parts[name] for name in names}
    parts.clear()
    parts.update(content)


SAME = [
    shuffle_rows,
    shuffle_cells,
    lie_about_the_dimension,
    spell_numbers_otherwise,
    write_comments_between,
    prefix_everything,
    write_texts_in_their_cells,
    begin_with_a_mark,
    point_from_the_root,
    add_what_nobody_knows,
    order_parts_otherwise,
]


# --- what does not ---------------------------------------------------------------------------------------------------


def drop_a_part(parts, rng):
    del parts[rng.choice(list(parts))]


def cut_a_part(parts, rng):
    rewrite(parts, rng.choice(list(parts)), lambda part: part[: rng.randrange(len(part) + 1)])


def empty_a_part(parts, rng):
    parts[rng.choice(list(parts))] = b""


def drop_a_row(parts, rng):
    name = any_sheet(parts, rng)
    found = list(ROW.finditer(parts[name]))
    if found:
        gone = rng.choice(found)
        parts[name] = parts[name][: gone.start()] + parts[name][gone.end() :]


def say_a_row_or_cell_twice(parts, rng):
    name = any_sheet(parts, rng)
    found = list(rng.choice([CELL, ROW]).finditer(parts[name]))
    if found:
        one, at = rng.choice(found), rng.choice(found)
        parts[name] = parts[name][: at.end()] + one[0] + parts[name][at.end() :]


def spoil_an_address(parts, rng):
    name = any_sheet(parts, rng)
    found = list(re.finditer(rb' r="[A-Z]*\d+"', parts[name]))
    wrong = rng.choice(
        [b"", b' r=""', b' r="A0"', b' r="XFE1"', b' r="A99999999"', b' r="5"', b' r="$B$5"', b' r="\xe3\x81\x82"']
    )
    if found:
        at = rng.choice(found)
        parts[name] = parts[name][: at.start()] + wrong + parts[name][at.end() :]


def point_nowhere(parts, rng):
    name = rng.choice([each for each in parts if each.endswith(".rels")])
    rewrite(
        parts, name, lambda part: re.sub(rb'Target="[^"]*"', b'Target="nowhere.xml"', part, count=rng.randrange(1, 4))
    )


def count_beyond_the_texts(parts, rng):
    name = any_sheet(parts, rng)
    wrong = rng.choice([b"99999", b"-1", b"x", b"", b"4294967296", b"1.5", b" 1", "１".encode()])
    found = list(re.finditer(rb't="s"[^>]*><v>(\d+)</v>', parts[name]))
    if found:
        at = rng.choice(found)
        parts[name] = parts[name][: at.start(1)] + wrong + parts[name][at.end(1) :]


def spoil_a_number(parts, rng):
    name = any_sheet(parts, rng)
    found = list(re.finditer(rb"<c r=\"[A-Z]+\d+\"(?: s=\"\d+\")?><v>([\d.]+)</v>", parts[name]))
    if found:
        at = rng.choice(found)
        wrong = rng.choice([b"abc", b"1,000", b"1e999", b"nan", b"inf", b"0x10", b"--1"])
        parts[name] = parts[name][: at.start(1)] + wrong + parts[name][at.end(1) :]


def spoil_a_style(parts, rng):
    wrong = rng.choice([b' s="99999"', b' s="-1"', b' s="x"'])
    rewrite(parts, any_sheet(parts, rng), lambda part: re.sub(rb' s="\d+"', wrong, part, count=rng.randrange(1, 30)))


def drop_the_styles_content(parts, rng):
    del rng
    rewrite(parts, "xl/styles.xml", lambda part: re.sub(rb"<cellXfs.*</cellXfs>", b"", part, flags=re.DOTALL))


def unbalance_the_tags(parts, rng):
    name = rng.choice(list(parts))
    tags = list(re.finditer(rb"</?[A-Za-z][^>]*>", parts[name]))
    if tags:
        gone = rng.choice(tags)
        parts[name] = parts[name][: gone.start()] + parts[name][gone.end() :]


def flip_bytes(parts, rng):
    name = rng.choice([each for each in parts if each not in (*sheets(parts), "xl/sharedStrings.xml") and parts[each]])
    spoiled = bytearray(parts[name])
    for _ in range(rng.randrange(1, 5)):
        spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
    parts[name] = bytes(spoiled)


OTHER = [
    drop_a_part,
    cut_a_part,
    empty_a_part,
    drop_a_row,
    spoil_a_number,
    say_a_row_or_cell_twice,
    spoil_an_address,
    point_nowhere,
    count_beyond_the_texts,
    spoil_a_style,
    drop_the_styles_content,
    unbalance_the_tags,
    flip_bytes,
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Return the parts of a filled form as the program writes them: it is sent back as it went out."""
    city = City(tmp_path_factory.mktemp("city"))
    city.submit(
        MONTH,
        "甲課",
        {
            ("進捗", "T-1", "実施"): 0.5,
            ("進捗", "T-1", "備考"): "順調です\n二行目",
            ("進捗", "T-3", "実施"): "８０％",
            ("総括評価", "A-1-甲課", "総括評価"): 0.8,
            ("総括評価", "A-1-甲課", "理由"): "だいたい済んだ",
        },
        記入者="山田",
        連絡先="内線1",
        記入日="2026-02-08",
    )
    return unpacked(city.form("2026-03", "甲課").read_bytes())  # what was reported is in it, as the program writes it


@pytest.fixture
def read():
    """Return what reads parts in a process of its own: some of what is broken ends it."""
    with closing(SandboxedReader()) as isolation:
        yield lambda parts: isolation.read("様式.xlsx", lambda: packed(parts))


def values(submission):
    return {each.slot: each.value for each in submission.entries}


def said(submission):
    return {(each.code, each.place.sheet, each.place.cell, each.value) for each in submission.findings}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_workbook_that_says_the_same_otherwise_is_read_as_the_same(parts, read, seed):
    good = read(parts)
    rng = random.Random(seed)
    for _ in range(ROUNDS // 4):
        changed = dict(parts)
        done = [change.__name__ for change in rng.sample(SAME, rng.randrange(1, 3)) if change(changed, rng) is None]
        again = read(changed)
        assert isinstance(again, Submission), (done, again)
        assert (values(again), said(again)) == (values(good), said(good)), done


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_broken_workbook_is_refused_or_what_is_not_as_it_was_is_named(parts, read, seed):
    good = read(parts)
    rng = random.Random(seed)
    for _ in range(ROUNDS // 4):
        changed = dict(parts)
        done = []
        for change in rng.sample(OTHER, rng.randrange(1, 3)):
            change(changed, rng)
            done.append(change.__name__)
            if not changed:
                break
        again = read(changed)
        assert isinstance(again, Submission | Refusal), done
        assert not (isinstance(again, Refusal) and "想定外" in again.reason), (done, again.reason)
        if isinstance(again, Submission):
            news = {each[1] for each in said(again) - said(good)}
            mine = values(again)
            for each in good.entries:
                if mine.get(each.slot) != each.value:
                    assert news & {each.place.sheet, ""}, (done, each)


@pytest.mark.parametrize("is_inline", [False, True])
def test_a_character_that_xml_may_not_hold_costs_itself(parts, read, is_inline):
    good, changed = read(parts), dict(parts)
    if is_inline:
        for name in sheets(parts):
            inline_texts(changed, name)
    before, after = "順調です".encode(), "順\x01調\ufffeで\uffffす".encode()
    changed = {name: part.replace(before, after) for name, part in changed.items()}
    again = read(changed)
    assert values(again) == values(good)
    assert [each.code for each in again.findings if each not in good.findings] == [Code.TEXT_CLEANED]
