"""Submissions → tidy tables → the facts that an evaluation takes: who reported what, and what supersedes what.

pandas joins, filters and counts here; it never averages a rate. Rates travel as `Fraction` in object columns, and what
was not reported is None, never 0 and never NaN.
"""

from kama_excel.merge.cleared import cleared
from kama_excel.merge.frames import Merged, merge
from kama_excel.merge.gone import gone
from kama_excel.merge.standing import CARRIED, MISSING, SUBMITTED, DepartmentStatus, Received, standing

__all__ = [
    "CARRIED",
    "MISSING",
    "SUBMITTED",
    "DepartmentStatus",
    "Merged",
    "Received",
    "cleared",
    "gone",
    "merge",
    "standing",
]
