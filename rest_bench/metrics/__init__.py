"""Step 7 of 9: the scores table -> Summary. Pure functions over a pandas DataFrame of `schema.Score` rows."""

from rest_bench.metrics.changed import changed_questions_of
from rest_bench.metrics.comparison import COLUMNS as COMPARED_COLUMNS
from rest_bench.metrics.comparison import Settings, compare_task
from rest_bench.metrics.multiplicity import holm
from rest_bench.metrics.paired import paired_difference
from rest_bench.metrics.ranks import rank_intervals, upper_bound_se
from rest_bench.metrics.summary import summarize, summarize_levels

COLUMNS = (
    "level",
    "pack_id",
    "repeat",
    "position",
    "problem_id",
    "answer",
    "found_by",
    "outcome",
    "correct",
    "correct_strict",
    "correct_paper",
    "correct_extractor",
    "finish_reason",
    "prompt_tokens",
    "completion_tokens",
    "thinking_tokens",
    "segment_tokens",
    "first_correct_tokens",
    "correct_trace",
    "markers",
    "switches",
    "distinct_tokens",
    "looped",
    "unfinished",
    "loop_onset_tokens",
    "segmentation_sure",
    "swapped_from",
    "swap_candidates",
    "swap_chance",
    "aligned_position",
)
"""What the metrics look at, of `schema.Score`: the other columns of a large run need not be read."""

__all__ = [
    "COLUMNS",
    "COMPARED_COLUMNS",
    "Settings",
    "changed_questions_of",
    "compare_task",
    "holm",
    "paired_difference",
    "rank_intervals",
    "summarize",
    "summarize_levels",
    "upper_bound_se",
]
