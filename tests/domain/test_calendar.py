"""Months, fiscal years and eras, by tables: the first and the last day of everything."""

import calendar
import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kama_excel.domain.calendar import JAPAN, Month, date_label, month_short, western_year, year_label, year_short


@pytest.mark.parametrize(
    "text", ["2026-2", "2026-13", "2026-00", "26-02", "2026-02 ", "2026/02", "0000-01", "２０２６-０２"]
)
def test_what_is_no_month(text):
    with pytest.raises(ValueError, match=r".+"):
        Month.parse(text)


def test_a_month_is_read_written_and_ordered():
    month = Month.parse("2026-02")
    assert (month.year, month.month, str(month)) == (2026, 2, "2026-02")
    assert str(Month(987, 10)) == "0987-10"
    assert month == Month.of(dt.date(2026, 2, 28))
    assert sorted([Month(2026, 2), Month(2025, 12), Month(2026, 1)]) == [Month(2025, 12), Month(2026, 1), month]
    assert (month.last_day, Month(2024, 2).last_day) == (dt.date(2026, 2, 28), dt.date(2024, 2, 29))
    assert (month.next, Month(2025, 12).next) == (Month(2026, 3), Month(2026, 1))


@given(st.integers(1, 9999), st.integers(1, 12))
@example(9999, 12)
@example(1900, 2)
@example(2000, 2)
def test_the_last_day_of_a_month(year, month):
    assert Month(year, month).last_day == dt.date(year, month, calendar.monthrange(year, month)[1])


def test_a_fiscal_year_runs_from_april_to_march():
    assert [Month(2026, month).fiscal_year for month in (3, 4, 12)] == [2025, 2026, 2026]
    assert [Month(2026, 3).has_begun(year) for year in (2024, 2025, 2026)] == [True, True, False]


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (dt.date(2026, 2, 8), "令和8年2月8日"),
        (dt.date(2019, 5, 1), "令和元年5月1日"),
        (dt.date(2019, 4, 30), "平成31年4月30日"),
        (dt.date(1989, 1, 8), "平成元年1月8日"),
        (dt.date(1989, 1, 7), "昭和64年1月7日"),
        (dt.date(1926, 12, 25), "昭和元年12月25日"),
        (dt.date(1926, 12, 24), "西暦1926年12月24日"),
    ],
)
def test_a_day_in_its_era(day, label):
    assert date_label(day) == label


@pytest.mark.parametrize(
    ("year", "label", "short"),
    [
        (2024, "令和6年度", "R6"),
        (2020, "令和2年度", "R2"),
        (2019, "令和元年度", "R1"),
        (2018, "平成30年度", "H30"),
        (1990, "平成2年度", "H2"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
        (1927, "昭和2年度", "S2"),
        (1926, "昭和元年度", "S1"),
    ],
)
def test_a_fiscal_year_by_its_name(year, label, short):
    assert (year_label(year), year_short(year)) == (label, short)


@pytest.mark.parametrize(
    ("month", "label", "short"),
    [
        (Month(2026, 2), "令和8年2月", "R8.2"),
        (Month(2019, 5), "令和元年5月", "R1.5"),
        (Month(2019, 4), "平成31年4月", "H31.4"),
        (Month(1989, 1), "平成元年1月", "H1.1"),
        (Month(1988, 12), "昭和63年12月", "S63.12"),
        (Month(1926, 11), "西暦1926年11月", "1926.11"),
    ],
)
def test_a_month_by_its_name(month, label, short):
    assert (month.label, month_short(month)) == (label, short)


def test_an_eras_year_is_a_western_one():
    assert [western_year(era, 8) for era in ("令和", "R", "r", "平成", "H", "昭和", "S")] == [
        2026, 2026, 2026, 1996, 1996, 1933, 1933,
    ]  # fmt: skip
    with pytest.raises(KeyError):
        western_year("大正", 8)


def test_japan_has_one_time():
    noon = dt.datetime(2026, 7, 1, 12, tzinfo=JAPAN)
    assert (noon.utcoffset(), noon.tzname()) == (dt.timedelta(hours=9), "JST")
