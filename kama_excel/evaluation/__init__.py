"""Facts in, Evaluation out: exact rates, averages, achievement, grade, method, outlook. No files and no pandas."""

from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.facts import AssessmentFact, Facts, IndicatorFact, TaskFact
from kama_excel.evaluation.grading import half_up, shown_percent, shown_rate
from kama_excel.evaluation.plan import Evaluation, evaluate
from kama_excel.evaluation.rates import IndicatorResult, YearProgress

__all__ = [
    "ActionEvaluation",
    "AssessmentFact",
    "Evaluation",
    "Facts",
    "IndicatorFact",
    "IndicatorResult",
    "Status",
    "TaskFact",
    "YearProgress",
    "evaluate",
    "half_up",
    "shown_percent",
    "shown_rate",
]
