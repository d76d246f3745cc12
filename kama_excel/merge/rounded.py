"""Report figures that their cells show rounded to another grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Slot
from kama_excel.evaluation.rates import achievement, limited
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding_of
from kama_excel.plan.rating import Bands, Limits
from kama_excel.plan.rows import Indicator


def rounded_otherwise(
    bands: Bands, indicators: Sequence[Indicator], entries: Mapping[Slot, Entry]
) -> Iterator[Finding]:
    """Yield a finding for each figure with another grade as it is shown: 89.6% shown as 90%.

    The value counts (rule 11), and most roundings change nothing that a person would decide by.
    """
    of_key = {each.key: each for each in indicators}
    for entry in entries.values():
        if entry.shown is None or entry.number is None:
            continue
        rates = [
            _rate(entry, figure, of_key.get(entry.key), bands.limits) for figure in (entry.number, entry.shown.value)
        ]
        grades = [bands.grade(rate) for rate in rates if rate is not None]
        if len(set(grades)) > 1:
            details = {"shown": entry.shown.text, "grade": grades[0], "other": grades[1]}
            yield finding_of(entry, Code.FIGURE_ROUNDED, **details)


def _rate(entry: Entry, figure: Fraction, indicator: Indicator | None, limits: Limits) -> Fraction | None:
    """Return the rate of a figure alone; None for one without a rate."""
    if entry.field is not Field.ACTUAL:
        return figure
    if indicator is None or indicator.target is None:
        return None
    return limited(achievement(indicator, figure), limits)
