"""What stands on the leaderboard: a run whose every number can be derived again from the texts that come with it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rest_bench.schema.base import FinishReason, FrozenMap, Record
from rest_bench.schema.runs import Manifest
from rest_bench.schema.scores import Candidate
from rest_bench.schema.summary import Estimate, Summary

SUBMISSION_VERSION = 1
"""Raised when a field of a submission changes its meaning."""

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Tokens = Annotated[int, Field(ge=0, le=10**9)]
"""Of one reply."""
HUB_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$"
HubId = Annotated[str, Field(pattern=HUB_ID)]
"""`organisation/name`, as on the Hugging Face Hub."""
HttpUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$")]
"""Nothing but http and https, and no character that could end an attribute."""
Line = Annotated[str, Field(pattern="^[^\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$")]
"""One line of text without control characters or marks that change its direction."""


def _on_the_calendar(day: str) -> str:
    date.fromisoformat(day)
    return day


Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_on_the_calendar)]
"""YYYY-MM-DD, and one that there is."""
Relationship = Literal["first_party", "third_party", "collaborative", "other"]
"""Of the submitter to the makers of the model."""
Tier = Literal["published", "self-reported", "re-scored", "reproduced"]
"""How far a row is to be trusted: copied from a paper, numbers alone, derived again from the stored answers, and
derived again from the answers of a second run made by somebody else."""


class Submitter(Record):
    """Who answers for a submission."""

    name: Annotated[Line, Field(max_length=100)]
    url: Annotated[HttpUrl, Field(max_length=500)] | None = None
    relationship: Relationship


class AnswersFile(Record):
    """answers.jsonl.zst, as it lies beside submission.json."""

    sha256: Sha256
    n_samples: int = Field(ge=1, le=10**6)
    n_bytes: int = Field(ge=1, le=4 * 10**9)
    """Of the lines, without compression."""


class TracesFile(Record):
    """The full replies, thinking included, somewhere else: responses.jsonl of the run."""

    url: Annotated[HttpUrl, Field(max_length=500)]
    sha256: Sha256


class Cost(Record):
    """What the run took, over all samples."""

    prompt_tokens: int | None = Field(ge=0, le=2**53)
    """Null where the engine counted none, as the next."""
    completion_tokens: int | None = Field(ge=0, le=2**53)
    wall_time_s: float | None = Field(ge=0)
    """Of the calls of `eval` that ended well; null where none did."""


class QuestionCounts(Record):
    """How often each question was answered rightly at one level, in the order of the task's problems."""

    right: tuple[Annotated[int, Field(ge=0, le=10**9)], ...]
    slots: tuple[Annotated[int, Field(ge=0, le=10**9)], ...]
    """Of how many; 0 for a question that was not asked."""


class SubmissionHead(Record):
    """submission.json without its metrics: what `rescore` needs, whatever metrics the version had that wrote them."""

    submission_version: int = SUBMISSION_VERSION
    submission_id: str = Field(pattern="^[0-9a-f]{16}$")
    """Of what was asked and answered, and nothing else: the same run has one id, whoever submits it and however often
    it is scored again. Of numbers alone it is a hash of all else in the record."""
    model: HubId
    submitter: Submitter
    submitted_on: Day
    rest_bench_version: Annotated[Line, Field(max_length=50)]
    """That wrote the numbers."""
    partial: bool
    """Only a part of the problems (`--limit`), or samples that are missing or ended in an error."""
    manifest: Manifest
    """Everything that makes the samples what they are; `engine.model` is `model`, and no path of a machine is in it."""
    answers: AnswersFile | None
    """Null for numbers alone, which nobody can check."""
    traces: TracesFile | None = None
    cost: Cost
    questions: FrozenMap[FrozenMap[QuestionCounts]]
    """By task, then by level as text."""
    notes: Annotated[str, Field(max_length=2000)] | None = None


class Submission(SubmissionHead):
    """submission.json: one run on the leaderboard."""

    results: Summary
    """All metrics, derived from the answers and, where they are about thinking, from the claims beside these."""


class SlotClaim(Record):
    """What the thinking about one question holds, as the submitter's machine read it."""

    paper: str | None = None
    """The paper's reading where the final text alone does not give it (it reads unfinished thinking too)."""
    segment_tokens: Tokens | None
    candidates: tuple[Candidate, ...]
    markers: Tokens | None
    switches: Tokens | None
    distinct_tokens: Tokens | None


class ThinkingClaim(Record):
    """What the thinking of a sample holds: it stays out of a submission, so this can be checked only with its trace."""

    sha256: Sha256 | None
    """Of the thinking as UTF-8; null where there is none."""
    tokens: Tokens | None
    tokens_estimated: bool
    segmentation_sure: bool | None
    looped: bool
    """The whole reply ends in an endless repetition."""
    loop_onset_tokens: Tokens | None
    slots: tuple[SlotClaim, ...]
    """By position."""


class SubmittedSample(Record):
    """One line of answers.jsonl.zst; the lines stand in the order of the plan."""

    pack_id: str = Field(pattern="^[0-9a-f]{16}$")
    prompt_sha256: Sha256
    text: str
    """The reply behind its thinking."""
    finish_reason: FinishReason | None
    """Null where whoever generated it did not say how it ended."""
    prompt_tokens: Tokens | None
    completion_tokens: Tokens | None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None
    correct: tuple[bool, ...]
    """By position, as judged when it was submitted."""
    thinking: ThinkingClaim


class ReproducedLevel(Record):
    """A second run against the submission, paired by question, for one task at one level."""

    task: str
    level: int
    n_packs: int
    n_questions: int
    difference: Estimate
    """Accuracy of the second run minus that of the submission on the same packs, mean over questions."""
    p_value: float | None
    """Of the difference against none; null where every question differs by the same amount."""


class Reproduction(Record):
    """reproduction.json: a sample of the packs asked again by somebody else; its answers lie beside it."""

    submission_id: str = Field(pattern="^[0-9a-f]{16}$")
    by: Submitter
    reproduced_on: Day
    manifest: Manifest
    answers: AnswersFile
    levels: tuple[ReproducedLevel, ...]
