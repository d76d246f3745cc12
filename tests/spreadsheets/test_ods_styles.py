"""Styles of an .ods: of the cell, its row or its column, with those that they inherit from."""

import pytest
from support.open_document import open_document

from kama_excel.spreadsheets.cells import Condition
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

LINE = '<style:text-properties style:text-line-through-style="solid"/>'
WHITE = '<style:text-properties fo:color="#ffffff"/>'
NAMED = f'<style:style style:name="取消" style:family="table-cell">{LINE}</style:style>'


def style(name, inner="", more=""):
    return f'<style:style style:name="{name}" style:family="table-cell" {more}>{inner}</style:style>'


def five(style_name="", text="5"):
    own = f'table:style-name="{style_name}"' if style_name else ""
    return (
        f'<table:table-cell {own} office:value-type="float" office:value="5"><text:p>{text}</text:p></table:table-cell>'
    )


def read(rows, automatic="", named=NAMED):
    (sheet,) = read_workbook(open_document(rows, automatic, named)).sheets
    return sheet.cells


@pytest.mark.parametrize(
    ("row", "automatic"),
    [
        (f"<table:table-row>{five('取消')}</table:table-row>", ""),
        (f"<table:table-row>{five('ce1')}</table:table-row>", style("ce1", more='style:parent-style-name="取消"')),
        (f'<table:table-row table:default-cell-style-name="取消">{five()}</table:table-row>', ""),
        (
            f'<table:table-column table:default-cell-style-name="取消"/><table:table-row>{five()}</table:table-row>',
            "",
        ),
    ],
    ids=["named", "inherited", "row", "column"],
)
def test_a_struck_style_strikes_the_cell_wherever_it_comes_from(row, automatic):
    assert read(row, automatic)[1, 1].is_struck


def test_a_cells_own_style_comes_before_that_of_its_column():
    rows = f'<table:table-column table:default-cell-style-name="取消"/><table:table-row>{five("ce1")}</table:table-row>'
    assert not read(rows, style("ce1"))[1, 1].is_struck


def test_a_named_style_in_the_colour_of_the_cell_shows_nothing():
    cell = read(f"<table:table-row>{five('白')}</table:table-row>", named=style("白", WHITE))[1, 1]
    assert cell.display == ""


NUMBERS = (
    '<number:number-style style:name="N1"><number:number number:decimal-places="1"/></number:number-style>'
    '<number:number-style style:name="N2"><number:number number:decimal-places="0" number:display-factor="1000"/></number:number-style>'
    '<number:number-style style:name="N3"><number:number number:decimal-places="0"/><number:text>割</number:text></number:number-style>'
    + style("one", more='style:data-style-name="N1"')
    + style("two", more='style:data-style-name="N2"')
    + style("three", more='style:data-style-name="N3"')
    + style("four", more='style:parent-style-name="取消"')
    + NAMED
)


@pytest.mark.parametrize(
    ("condition", "applied", "effect"),
    [
        ("cell-content()&gt;4", "one", None),
        ("cell-content()&gt;4", "two", Condition.OTHERWISE),
        ("cell-content()&gt;4", "three", Condition.OTHERWISE),
        ("cell-content()&gt;9", "three", None),
        ("cell-content-is-between(1,9)", "three", Condition.OTHERWISE),
        ("is-true-formula([.A1]&gt;4)", "four", Condition.STRUCK),
        ("is-true-formula([.A1]&gt;4)", "白", Condition.UNSEEN),
    ],
)
def test_what_a_conditional_style_may_do(condition, applied, effect):
    mapped = style("ce1", f'<style:map style:condition="{condition}" style:apply-style-name="{applied}"/>')
    cells = read(f"<table:table-row>{five('ce1')}</table:table-row>", mapped, NUMBERS + style("白", WHITE))
    assert cells[1, 1].condition is effect


@pytest.mark.parametrize(
    ("asked", "effect"), [("[.B1]&gt;4", Condition.STRUCK), ("[.$B1]&gt;9", None), ("[.D1]&gt;4", None)]
)
def test_a_condition_may_ask_a_cell_that_comes_later(asked, effect):
    styled = f'<style:map style:condition="is-true-formula({asked})" style:apply-style-name="取消" style:base-cell-address="表.A1"/>'
    cells = read(f"<table:table-row>{five('ce1')}{five()}</table:table-row>", style("ce1", styled))
    assert cells[1, 1].condition is effect
