"""Every noun of rest-bench: frozen, closed to unknown keys, and written to disk as it stands here.

The words are those of the glossary in README.md. Tuples instead of lists and `FrozenMap` instead of dict keep a record
what it was when it was made: nothing downstream can change it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

SCHEMA_VERSION = 2
"""Raised when a field of a record on disk changes its meaning."""

AnswerType = Literal["integer", "math", "choice", "code"]
FinishReason = Literal["stop", "length", "repetition", "error"]
FoundBy = Literal["label", "summary", "order", "options", "lenient", "extractor", "none"]
"""How an answer was found; `extractor` only for what a second model listed, which no headline number counts."""
Outcome = Literal[
    "correct",
    "repetition",
    "truncated",
    "format",
    "shifted",
    "swapped",
    "omitted",
    "summary",
    "wrong",
    "ungraded",
    "error",
]
"""What became of one slot, first match wins (metrics.md section 4)."""

DesignName = Literal[
    "cyclic",
    "cyclic-first",
    "shuffled",
    "reversed",
    "easy-first",
    "hard-first",
    "disjoint",
    "mixed",
]
"""The rule that makes packs of problems (see packing.py)."""

Verdict = Literal["correct", "incorrect", "ungraded"]
"""What a judge says of one answer; `ungraded` when the judge itself failed, which is never the same as incorrect."""

Value = TypeVar("Value")
FrozenMap = Annotated[
    Mapping[str, Value],
    AfterValidator(lambda mapping: MappingProxyType(dict(mapping))),
    PlainSerializer(dict),
]
"""A read-only mapping with text keys."""


class Record(BaseModel):
    """A frozen noun that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# --- problems and tasks -----------------------------------------------------------------------------------------------


class Option(Record):
    """One choice of a multiple-choice problem."""

    letter: str = Field(pattern="^[A-Z]$")
    text: str


class CodeTest(Record):
    """One hidden test of a programming problem."""

    input: str
    """Standard input of a program, or the JSON-encoded arguments of a function, one per line."""
    output: str
    """Expected standard output, or the JSON-encoded return value."""


class Problem(Record):
    """One question with its gold answer."""

    id: str
    """Unique within its task."""
    question: str
    gold: str
    answer_type: AnswerType
    options: tuple[Option, ...] = ()
    """Choice only: the options in the order in which they are shown."""
    starter_code: str | None = None
    """Code only: the skeleton shown to the model, or null where the program reads standard input."""
    fn_name: str | None = None
    """Code only: the function that the tests call, or null where the program reads standard input."""
    tests: tuple[CodeTest, ...] = ()
    """Code only."""
    difficulty: float | None = None
    """Higher is harder; on the task's own named scale."""
    metadata: FrozenMap[str] = Field(default_factory=dict, validate_default=True)


class Task(Record):
    """A set of problems from one source, with the settings it is evaluated under."""

    name: str
    title: str
    answer_type: AnswerType
    levels: tuple[int, ...]
    """Stress levels evaluated by default, ascending."""
    repeats: int
    """Generations per pack by default."""
    template: str
    """Name of the template, or its path beside the task file."""
    template_source: str
    """The template's jinja2 text: one file is one whole prompt."""
    problems: tuple[Problem, ...]
    licence: str | None = None
    citation: str | None = None
    difficulty_source: str | None = None
    """What `Problem.difficulty` was measured with; frozen and named so that an order effect can be reproduced."""
    option_order: str | None = None
    """Choice only: the rule (and seed) that ordered the options."""
    source: str
    """Where the problems were read from, for people: a path, or a hub id with its revision."""
    file_sha256: str
    """Of the task file."""
    data_sha256: str
    """Of the problems as read (ids, questions, golds, options, tests), whatever file format carried them."""


# --- packs, prompts and responses -------------------------------------------------------------------------------------


class Pack(Record):
    """The ordered problems of one prompt; position p of the pack is `problems[p - 1]`."""

    pack_id: str = Field(pattern="^[0-9a-f]{16}$")
    task: str
    level: int = Field(ge=1)
    design: DesignName
    seed: int
    repeat: int = Field(ge=0)
    problems: tuple[Problem, ...]


class Message(Record):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Prompt(Record):
    """A rendered pack: what one sample is asked."""

    pack_id: str
    task: str
    level: int
    repeat: int
    answer_type: AnswerType
    messages: tuple[Message, ...]
    sha256: str
    """Of the messages, before any chat template."""
    sample_id: str | None = None
    """Set by the pipeline once model and sampling are known; an engine copies it into its response."""
    seed: int | None = None
    """Of this sample, set by the pipeline: a hash of run seed, pack id and repeat."""


class Sampling(Record):
    """Every sampling field, always set explicitly and recorded."""

    temperature: float = Field(0.6, ge=0)
    """0 is greedy decoding."""
    top_p: float = Field(0.95, gt=0, le=1)
    top_k: int = Field(0, ge=0)
    """0 switches it off."""
    min_p: float = Field(0.0, ge=0, le=1)
    repetition_penalty: float = Field(1.0, gt=0)
    max_tokens: int = Field(32768, ge=1)
    """Output budget of one sample in tokens, thinking included."""


class EngineInfo(Record):
    """What an engine says of itself; part of the manifest."""

    engine: str
    engine_version: str
    model: str
    revision: str | None = None
    """The commit of a hub model, or a hash over the files of a local folder."""
    chat_template_sha256: str | None = None
    """Null for a plain prompt without chat template."""
    dtype: str | None = None
    device: str | None = None
    max_context_tokens: int | None = None
    deterministic: bool = False
    """A reply does not depend on what else ran at the same time."""
    refused_parameters: tuple[str, ...] = ()
    """Sampling fields and other parameters that a server refused and that were left out of every request."""


class Response(Record):
    """What the engine returned for one sample; one line of responses.jsonl."""

    sample_id: str
    pack_id: str
    task: str
    level: int
    repeat: int
    text: str
    """All that was generated, thinking tags included."""
    reasoning: str | None = None
    """Thinking that a server split off; null where it stands in `text`."""
    finish_reason: FinishReason
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    line_tokens: tuple[int, ...] | None = None
    """Tokens of each line of reasoning + text (lines end at `\\n`); their sum is `completion_tokens`."""
    thinking_prefilled: bool = False
    """The rendered prompt ended inside an opened thinking block."""
    seed: int | None = None
    error: str | None = None
    """A sentence, where finish_reason is `error`."""
    latency_s: float | None = None


# --- answers and scores -----------------------------------------------------------------------------------------------


class Answer(Record):
    """What was read for one slot, before anything is known of the gold."""

    pack_id: str
    repeat: int
    position: int = Field(ge=1)
    problem_id: str
    text: str | None
    """The answer read by labels, or null; for `choice` the capital letter, for `code` the program."""
    found_by: FoundBy
    strict: bool
    """The answer stood in the required format: a box, or for `choice` an explicit answer line."""
    paper: str
    """The k-th box of the reply, read as the paper's code reads it (reading.md rule 16)."""
    thinking_tokens: int | None = None
    """Of the whole response."""
    segment_tokens: int | None = None
    """Thinking tokens spent on this slot, 0 where the thinking never reached it; null without thinking or a count."""
    segmentation_sure: bool | None = None
    """The thinking says clearly enough which part of it is about which question; null without thinking."""
    tokens_estimated: bool = False
    """Thinking tokens were shared out by characters, as the engine gave no tokens per line."""
    looped: bool = False
    """The response ends in an endless repetition (metrics.md 7.10)."""


class Score(Record):
    """The judgement of one slot; one row of scores.parquet."""

    task: str
    level: int
    design: DesignName
    pack_id: str
    repeat: int
    position: int
    problem_id: str
    gold: str
    answer: str | None
    found_by: FoundBy
    outcome: Outcome
    correct: bool
    correct_strict: bool
    correct_paper: bool | None
    """Null where the paper reading could not be judged."""
    answer_paper: str
    answer_extractor: str | None = None
    """What a second model listed (found_by `extractor`), or null."""
    correct_extractor: bool | None = None
    """Null where no second model read the response, or its answer could not be judged."""
    finish_reason: FinishReason
    prompt_tokens: int | None
    completion_tokens: int | None
    thinking_tokens: int | None
    segment_tokens: int | None = None
    """Thinking tokens spent on this slot, 0 where the thinking never reached it; null without thinking or a count."""
    first_correct_tokens: int | None = None
    tokens_estimated: bool
    segmentation_sure: bool | None = None
    """The thinking says clearly enough which part of it is about which question; null without thinking."""
    seed: int | None


# --- the run folder ---------------------------------------------------------------------------------------------------


class PackRecord(Record):
    """One line of packs.jsonl: a pack by the ids of its problems, which stand once in problems.jsonl."""

    pack_id: str
    task: str
    level: int
    design: DesignName
    seed: int
    repeat: int
    problem_ids: tuple[str, ...]
    prompt_sha256: str


class ProblemRecord(Record):
    """One line of problems.jsonl."""

    task: str
    problem: Problem


class PlannedLevel(Record):
    """What a run asks of one task at one level."""

    level: int
    repeats: int
    limit: int | None
    """Only the first N problems; null: all of them."""
    n_packs: int
    """Over all repeats."""


class Observed(Record):
    """How long the replies to one task at one level were so far."""

    n_responses: int
    completion_tokens: int
    """Of all of them together."""


class TaskRecord(Record):
    """One task of a run and the hashes of what its prompts were made from."""

    name: str
    answer_type: AnswerType
    n_problems: int
    levels: tuple[PlannedLevel, ...]
    source: str
    file_sha256: str
    data_sha256: str
    template: str
    template_sha256: str
    option_order: str | None
    difficulty_source: str | None


class Invocation(Record):
    """One call of `rest-bench eval` on this folder."""

    started_at: str
    """UTC, ISO 8601."""
    finished_at: str | None
    """Null while it works, or where it was interrupted."""
    rest_bench_version: str
    git_commit: str | None
    """Of the checkout that rest-bench ran from, with `+changes` where it had uncommitted ones."""
    engine_version: str
    python: str
    platform: str
    hardware: str


class Shard(Record):
    """Part `index` of `count` of a run; `rest-bench merge` joins the parts."""

    index: int = Field(ge=1)
    count: int = Field(ge=1)

    def share(self, n_packs: int) -> int:
        """Return how many of so many packs belong to it: every `count`-th, from the `index`-th on."""
        return len(range(self.index - 1, n_packs, self.count))


class Dressing(Record):
    """What a model's family or the user adds to every request, besides the prompt and the sampling fields."""

    profile: str = "none"
    """The profile that the other fields were taken from."""
    system_prompt: str | None = None
    """Part of the messages, and of their hash."""
    chat_template_kwargs: str = "{}"
    """A JSON object."""
    reasoning_effort: str | None = None
    extra_body: str = "{}"
    """A JSON object; the openai engine adds it to every request."""


class Extractor(Record):
    """extractor.json: the second model that lists the answers of replies, and all that its own replies depend on."""

    engine: EngineInfo
    sampling: Sampling
    dressing: Dressing = Dressing()
    prompt_version: int
    """Of the words that it is asked with."""


class Manifest(Record):
    """manifest.json: everything that makes the samples of a run what they are."""

    schema_version: int = SCHEMA_VERSION
    engine: EngineInfo
    sampling: Sampling
    dressing: Dressing = Dressing()
    shard: Shard | None = None
    """Null for a whole run."""
    design: DesignName
    seed: int
    tasks: tuple[TaskRecord, ...]
    scorer_version: str
    invocations: tuple[Invocation, ...]


# --- the summary ------------------------------------------------------------------------------------------------------


class Estimate(Record):
    """A number with its question-clustered uncertainty; null where it is undefined."""

    value: float | None
    se: float | None
    ci: tuple[float, float] | None
    """95 % interval."""


class LevelSummary(Record):
    """The metrics of one task at one level (metrics.md sections 5 to 7)."""

    n_packs: int
    """Packs with at least one response."""
    n_slots: int
    n_questions: int
    """Clusters of the standard errors."""
    repeats: int
    accuracy: Estimate
    """Answers matched to questions by label; every slot counts in the denominator."""
    accuracy_strict: Estimate
    """Only answers in the required format."""
    accuracy_paper: Estimate
    """The paper's reading: k-th box to question k, unfinished thinking included."""
    accuracy_extractor: Estimate
    """The answers that a second model listed (`score --extractor-model`); null where none read them."""
    readings_differ: float
    """Share of slots that are correct by one of label, strict and paper and not by another."""
    drop: Estimate
    """Accuracy at level 1 minus accuracy here, paired by question; null without level 1."""
    retention: float | None
    """Accuracy here over accuracy at level 1."""
    position_accuracy: tuple[float, ...]
    """By position 1..s; their mean is `accuracy`."""
    position_slope: float | None
    """Change of accuracy from one position to the next, by least squares; null for one position."""
    primacy: float | None
    """Accuracy at position 1 minus the mean of the others; null for one position."""
    recency: float | None
    """Accuracy at the last position minus the mean of those between first and last; null for fewer than three."""
    load_effect: float | None
    """Accuracy at level 1 minus that at position 1 here; null without level 1 and at level 1."""
    loss: float | None
    """Mean over questions of the chance to be right alone and wrong here; null without level 1 and at level 1."""
    gain: float | None
    """The same the other way round."""
    loss_by_chance: float | None
    """What `loss` would be without any effect of stress; null for one generation a question at level 1."""
    outcomes: FrozenMap[float]
    """Outcome to share of slots; sums to 1."""
    found_by: FrozenMap[float]
    """Reading to share of slots; sums to 1."""
    completion: float | None
    """Share of slots with an answer."""
    conditional_accuracy: float | None
    """Accuracy among slots with an answer."""
    all_correct: float | None
    """Share of responses with every slot correct."""
    truncation_rate: float | None
    """Share of responses that hit the token limit."""
    prompt_tokens: float | None
    """Mean per response."""
    completion_tokens: float | None
    """Mean per response."""
    response_thinking_tokens: float | None
    """Median per response."""
    thinking_tokens: tuple[float | None, ...]
    """Medians by position 1..s, over the responses whose thinking could be divided surely; null without any."""
    segmentation_sure: float | None
    """Share of the slots with thinking whose response could be divided surely; null without thinking."""
    first_share_ratio: float | None
    """s times the first question's share of its response's thinking tokens, mean; 1 is an even share (7.6)."""
    reach: tuple[float | None, ...]
    """Share of responses, by position, whose thinking reached the question: at least 20 tokens (7.11)."""


class TaskSummary(Record):
    """The metrics of one task over its levels."""

    levels: FrozenMap[LevelSummary]
    """Keyed by the level as text."""
    single: Estimate
    """Accuracy at level 1."""
    stress: Estimate
    """Unweighted mean of the accuracies at `stress_levels`."""
    stress_levels: tuple[int, ...]
    """The levels above 1 that the run holds: compare `stress` only between runs with equal ones."""
    drop: Estimate
    """single minus stress, paired by question."""
    retention: float | None
    """stress over single."""
    auc: float | None
    """Area under the accuracy over the levels, divided by their range; null for fewer than two levels."""
    half_stress_level: float | None
    """Where half of `single` is left, between levels by a straight line; null where it never comes to that."""
    decay_rate: float | None
    """Slope of -log(accuracy) over level - 1; null for fewer than two levels with anything right."""


class OverallSummary(Record):
    """Unweighted means over tasks; null where any task lacks the number."""

    tasks: tuple[str, ...]
    single: float | None
    stress: float | None
    drop: float | None


class SummaryConfig(Record):
    """The settings that every number of a summary depends on."""

    design: DesignName
    seed: int
    sampling: Sampling
    dressing: Dressing = Dressing()
    extractor: str | None = None
    """The second model that listed answers, or null."""
    partial: bool
    """The run used `--limit`, or lacks responses."""


class Summary(Record):
    """summary.json: the metrics of a run."""

    schema_version: int = SCHEMA_VERSION
    model: str
    engine: str
    config: SummaryConfig
    tasks: FrozenMap[TaskSummary]
    overall: OverallSummary
