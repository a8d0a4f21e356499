"""Every noun of rest-bench: frozen, closed to unknown keys, and written to disk as it stands here.

The words are those of the glossary in README.md. Tuples instead of lists and `FrozenMap` instead of dict keep a record
what it was when it was made: nothing downstream can change it.
"""

from rest_bench.schema.base import (
    SCHEMA_VERSION,
    AnswerType,
    DesignName,
    FinishReason,
    FoundBy,
    FrozenMap,
    Outcome,
    Record,
    Verdict,
)
from rest_bench.schema.problems import CodeTest, Option, Problem, Task
from rest_bench.schema.runs import (
    Dressing,
    Extractor,
    Invocation,
    Manifest,
    Observed,
    PackRecord,
    PlannedLevel,
    ProblemRecord,
    Shard,
    TaskRecord,
)
from rest_bench.schema.samples import EngineInfo, Message, Pack, Prompt, Response, Sampling
from rest_bench.schema.scores import Answer, Score
from rest_bench.schema.summary import (
    Accuracy,
    Allocation,
    Counts,
    Estimate,
    Flips,
    LevelSummary,
    Outcomes,
    OverallSummary,
    Positions,
    Summary,
    SummaryConfig,
    TaskSummary,
    Tokens,
)

__all__ = [
    "SCHEMA_VERSION",
    "Accuracy",
    "Allocation",
    "Answer",
    "AnswerType",
    "CodeTest",
    "Counts",
    "DesignName",
    "Dressing",
    "EngineInfo",
    "Estimate",
    "Extractor",
    "FinishReason",
    "Flips",
    "FoundBy",
    "FrozenMap",
    "Invocation",
    "LevelSummary",
    "Manifest",
    "Message",
    "Observed",
    "Option",
    "Outcome",
    "Outcomes",
    "OverallSummary",
    "Pack",
    "PackRecord",
    "PlannedLevel",
    "Positions",
    "Problem",
    "ProblemRecord",
    "Prompt",
    "Record",
    "Response",
    "Sampling",
    "Score",
    "Shard",
    "Summary",
    "SummaryConfig",
    "Task",
    "TaskRecord",
    "TaskSummary",
    "Tokens",
    "Verdict",
]
