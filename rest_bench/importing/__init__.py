"""Samples that another harness logged -> a run: found again among our packs, then read and judged as always."""

from rest_bench.importing.foreign import ForeignLog, ForeignSample, Wanted
from rest_bench.importing.inspect_ai import open_inspect_log
from rest_bench.importing.lm_eval import open_lm_eval_log
from rest_bench.importing.matching import Matched, match

__all__ = [
    "ForeignLog",
    "ForeignSample",
    "Matched",
    "Wanted",
    "match",
    "open_inspect_log",
    "open_lm_eval_log",
]
