"""What inspect_ai imports to find our tasks, under its entry point group `inspect_ai`."""

from rest_bench.integrations.inspect_ai.scoring import question_stderr, rest_scorer
from rest_bench.integrations.inspect_ai.tasks import TASKS, rest

__all__ = ["TASKS", "question_stderr", "rest", "rest_scorer"]
