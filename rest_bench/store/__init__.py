"""The run folder: what an evaluation leaves on disk, appended as it happens, never lost and never counted twice.

- manifest.json: what makes the samples what they are (schema.Manifest)
- problems.jsonl: each problem once; packs.jsonl: each pack by the ids of its problems
- responses.jsonl: one line per finished sample, written before the next one is waited for
- scores.parquet and summary.json: made from the above, and made again by `rest-bench score`
"""

from rest_bench.store.endpoints import compared_endpoints, is_unproven, joined_endpoints
from rest_bench.store.extractions import ExtractionWriter
from rest_bench.store.files import building_folder, read_model, replacing, write_text
from rest_bench.store.identity import Difference, first_difference, first_planned_difference, refuse_other_run
from rest_bench.store.lock import is_being_written
from rest_bench.store.log import log_to
from rest_bench.store.responses import (
    Answered,
    CountingLines,
    IndexedResponses,
    counting_lines,
    find_counting_lines,
    read_answered,
)
from rest_bench.store.run import Run, Sample
from rest_bench.store.scores import read_level, write_scores
from rest_bench.store.shards import Group, GroupCount, ShardReader, write_merged
from rest_bench.store.writer import RunWriter

__all__ = [
    "Answered",
    "CountingLines",
    "Difference",
    "ExtractionWriter",
    "Group",
    "GroupCount",
    "IndexedResponses",
    "Run",
    "RunWriter",
    "Sample",
    "ShardReader",
    "building_folder",
    "compared_endpoints",
    "counting_lines",
    "find_counting_lines",
    "first_difference",
    "first_planned_difference",
    "is_being_written",
    "is_unproven",
    "joined_endpoints",
    "log_to",
    "read_answered",
    "read_level",
    "read_model",
    "refuse_other_run",
    "replacing",
    "write_merged",
    "write_scores",
    "write_text",
]
