"""Questions about the plan's 評価区分, as formulas over a rate's cell."""

from __future__ import annotations

from kama_excel.plan.rating import Bands


def grade_formula(bands: Bands, rate: str) -> str:
    """Return the grade of a rate's cell; the rate is rounded to nine digits, so that 27/30 is 90 % however it was summed."""
    ascending = sorted(bands.bands, key=lambda band: band.lower)
    limits = ",".join(f"{float(band.lower):.9g}" for band in ascending)
    names = ",".join(quoted(band.name) for band in ascending)
    return f'=IF(ISNUMBER({rate}),LOOKUP(ROUND({rate},9),{{{limits}}},{{{names}}}),"")'


def quoted(text: str) -> str:
    """Return a text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'


def is_cut_short(bands: Bands, rate: str) -> str:
    """Return the condition under which 0.1 % would show a band that the rate has not reached (89.96 %).

    A condition for a format may hold no array constant, so every limit is asked by itself.
    """
    limits = (f"{float(band.lower):.9g}" for band in bands.bands if band.lower)
    asked = ",".join(f"AND(ROUND({rate},3)>={limit},ROUND({rate},9)<{limit})" for limit in limits)
    return f"=IF(ISNUMBER({rate}),OR(FALSE,{asked}),FALSE)" if asked else "=FALSE"
