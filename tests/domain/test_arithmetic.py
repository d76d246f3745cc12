"""Exact sums are those of fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kama_excel.domain.arithmetic import weighted_mean, weighted_total

FIGURES = st.fractions(min_value=-10, max_value=10, max_denominator=1000)


@given(st.lists(st.tuples(FIGURES, FIGURES), max_size=8))
def test_a_weighted_total_is_exact(figures):
    assert weighted_total(figures) == sum((weight * figure for weight, figure in figures), Fraction(0))


@given(st.lists(st.tuples(FIGURES, FIGURES), max_size=8))
def test_a_weighted_mean_is_exact(figures):
    weights = sum((weight for weight, _ in figures), Fraction(0))
    total = sum((weight * figure for weight, figure in figures), Fraction(0))
    assert weighted_mean(figures) == (total / weights if weights else None)
