"""Answers of a submission -> its numbers, by the one way that `publish`, `verify` and `rescore` all take."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rest_bench.leaderboard.replanning import Tasks
from rest_bench.metrics import COLUMNS, summarize_levels
from rest_bench.parsing import read_final
from rest_bench.schema import (
    Answer,
    Cost,
    Manifest,
    Pack,
    Problem,
    QuestionCounts,
    Response,
    Score,
    SubmissionHead,
    SubmittedSample,
    Summary,
)
from rest_bench.scoring import Golds, Judge, ReadSample, score_many
from rest_bench.store import read_level, write_scores


class Derived(NamedTuple):
    """What follows from the answers of a submission."""

    results: Summary
    questions: dict[str, dict[str, QuestionCounts]]
    correct: list[tuple[bool, ...]]
    """By sample and position."""
    tokens: Cost
    """Without the time, which does not follow from answers."""
    n_ungraded: int
    """Slots that the judge could say nothing of."""
    is_partial: bool


class Submitted(NamedTuple):
    """A sample of a submission with its pack."""

    pack: Pack
    sample: SubmittedSample


def derive(submitted: Iterable[Submitted], manifest: Manifest, tasks: Tasks, judge: Judge) -> Derived:
    """Read and judge the answers of a submission and compute every number of it.

    Args:
        submitted: in the order of the plan; each pack once.
        manifest: of the submission; its `scorer_version` becomes part of the summary.
        tasks: with their problems, which hold the golds.
        judge: gives the verdicts.

    Raises:
        ScoringError: the judge's worker processes cannot start.
    """
    tally = _Tally(tasks)
    golds = Golds(lambda: {(name, problem.id): problem for name, problem in _problems_in_use(manifest, tasks)})
    with TemporaryDirectory(prefix="rest-bench-") as folder:
        path = Path(folder) / "scores.parquet"
        write_scores(path, tally.counting(score_many(tally.reading(submitted), judge, golds)))
        results = summarize_levels(lambda task, level: read_level(path, task, level, list(COLUMNS)), manifest)
    return Derived(
        results=results,
        questions=tally.questions(),
        correct=tally.correct,
        tokens=tally.cost(),
        n_ungraded=tally.n_ungraded,
        is_partial=results.config.partial or tally.n_errors > 0,
    )


def judged(samples: Iterable[SubmittedSample], derived: Derived) -> Iterator[SubmittedSample]:
    """Yield samples with the verdicts that were derived from them."""
    for sample, correct in zip(samples, derived.correct, strict=True):
        yield sample.model_copy(update={"correct": correct})


def read_submitted(submitted: Submitted) -> ReadSample:
    """Return a sample with the answers read from its text, and with what it claims of its thinking."""
    pack, sample = submitted
    response = Response(
        sample_id="",
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        **sample.model_dump(include={"pack_id", "text", "finish_reason", "prompt_tokens", "completion_tokens", "seed"}),
    )
    answers = read_final(response, pack)
    return ReadSample(pack, response, tuple(_with_claims(sample, answer) for answer in answers))


def _with_claims(sample: SubmittedSample, answer: Answer) -> Answer:
    thinking, slot = sample.thinking, sample.thinking.slots[answer.position - 1]
    return answer.model_copy(
        update={
            "paper": answer.paper if slot.paper is None else slot.paper,
            "thinking_tokens": thinking.tokens,
            "tokens_estimated": thinking.tokens_estimated,
            "segmentation_sure": thinking.segmentation_sure,
            "looped": thinking.looped,
            "unfinished": thinking.sha256 is not None and not sample.text.strip(),
            "loop_onset_tokens": thinking.loop_onset_tokens,
            "segment_tokens": slot.segment_tokens,
            "candidates": slot.candidates,
            "markers": slot.markers,
            "switches": slot.switches,
            "distinct_tokens": slot.distinct_tokens,
        }
    )


def content_id(manifest: Manifest, samples: Iterable[SubmittedSample]) -> str:
    """Return the id of a submission: 16 hex digits of a hash of what was asked and answered, whatever was judged."""
    head = manifest.model_dump(mode="json", include={"engine", "sampling", "dressing", "design", "seed"})
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for sample in samples:
        digest.update(sample.model_dump_json(exclude={"correct"}).encode() + b"\n")
    return digest.hexdigest()[:16]


def record_id(submission: SubmissionHead) -> str:
    """Return the id of numbers alone: 16 hex digits of a hash of all else that their record says."""
    content = submission.model_dump_json(exclude={"submission_id"})
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _problems_in_use(manifest: Manifest, tasks: Tasks) -> Iterator[tuple[str, Problem]]:
    for record in manifest.tasks:
        limits = [level.limit for level in record.levels]
        most = None if None in limits else max((limit for limit in limits if limit is not None), default=None)
        yield from ((record.name, problem) for problem in tasks[record.name].problems[:most])


class _Tally:
    """Counts what goes by on the way from answers to scores."""

    def __init__(self, tasks: Tasks) -> None:
        self.correct: list[tuple[bool, ...]] = []
        self.n_ungraded = self.n_errors = 0
        self._tasks = tasks
        self._counts: dict[tuple[str, int], dict[str, list[int]]] = {}
        self._prompt_tokens: list[int | None] = []
        self._completion_tokens: list[int | None] = []

    def reading(self, submitted: Iterable[Submitted]) -> Iterator[ReadSample]:
        for each in submitted:
            self._prompt_tokens.append(each.sample.prompt_tokens)
            self._completion_tokens.append(each.sample.completion_tokens)
            self.n_errors += each.sample.finish_reason == "error"
            yield read_submitted(each)

    def counting(self, scored: Iterable[tuple[Score, ...]]) -> Iterator[tuple[Score, ...]]:
        for scores in scored:
            self.correct.append(tuple(score.correct for score in scores))
            self.n_ungraded += sum(score.outcome == "ungraded" for score in scores)
            for score in scores:
                counts = self._counts.setdefault((score.task, score.level), {}).setdefault(score.problem_id, [0, 0])
                counts[0] += score.correct
                counts[1] += 1
            yield scores

    def questions(self) -> dict[str, dict[str, QuestionCounts]]:
        found: dict[str, dict[str, QuestionCounts]] = {}
        for (task, level), counts in sorted(self._counts.items()):
            rows = [counts.get(problem.id, (0, 0)) for problem in self._tasks[task].problems]
            right, slots = (tuple(row[place] for row in rows) for place in (0, 1))
            found.setdefault(task, {})[str(level)] = QuestionCounts(right=right, slots=slots)
        return found

    def cost(self) -> Cost:
        return Cost(
            prompt_tokens=_sum_of_known(self._prompt_tokens),
            completion_tokens=_sum_of_known(self._completion_tokens),
            wall_time_s=None,
        )


def _sum_of_known(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
