"""Step 6 of 9: what was read for each slot, and the gold -> a verdict, an outcome, a score.

`verdicts` of the same answer are the same everywhere: text and numbers decide first, then the structure of the answer,
then algebra in worker processes. No process and no algebra library is loaded before an answer needs it.
"""

from rest_bench.scoring.ahead import JudgingAhead
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.mixups import Golds
from rest_bench.scoring.scorers import (
    SCORER_VERSION,
    SCORERS,
    Question,
    Scorer,
    ask,
    find_scorer,
    scorer_version,
    unreadable_gold,
)
from rest_bench.scoring.scores import ReadSample, score_answers, score_many
from rest_bench.scoring.shared import shared_judge

__all__ = [
    "SCORERS",
    "SCORER_VERSION",
    "Golds",
    "Judge",
    "JudgingAhead",
    "Question",
    "ReadSample",
    "Scorer",
    "ask",
    "find_scorer",
    "score_answers",
    "score_many",
    "scorer_version",
    "shared_judge",
    "unreadable_gold",
]
