"""Names of files: every system takes them, and no two of them are one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kama_excel.files.names import safe_name, unique_names


@pytest.mark.parametrize(
    "word", ["CON", "con", "NUL", "nul", "PRN", "AUX", "COM1", "LPT9", "CONIN$", "conout$", "COM¹"]
)
@pytest.mark.parametrize("ending", ["", ".2026"])
def test_no_name_is_one_of_windows_devices(word, ending):
    assert safe_name(word + ending).startswith("_")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("市民課", "市民課"),
        ("a/b課", "a_b課"),
        ("CONTACT", "CONTACT"),
        ("課. ", "課__"),
        ("", "_"),
        ("第1次計画..xlsx", "第1次計画..xlsx"),
    ],
)
def test_a_name_keeps_what_every_system_takes(text, name):
    assert safe_name(text) == name


@given(st.lists(st.text(alphabet="aAbB/:._ 課ﾊハ", max_size=60), max_size=12))
def test_no_two_texts_have_one_name_in_whichever_case_a_system_reads_it(texts):
    names = unique_names(texts)
    assert set(names) == set(texts)
    assert len({name.casefold() for name in names.values()}) == len(set(texts))
    assert all(len(name) <= 50 and not set(name) & set('<>:"/\\|?*') for name in names.values())


def test_the_first_keeps_its_name():
    names = unique_names(["a/b課", "a:b課", "A_b課", "乙課"])
    assert (names["a/b課"], names["乙課"]) == ("a_b課", "乙課")
    assert all(names[text].startswith(("a_b課_", "A_b課_")) for text in ("a:b課", "A_b課"))
