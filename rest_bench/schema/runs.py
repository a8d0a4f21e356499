"""What stands in a run folder beside responses and scores."""

from pydantic import Field

from rest_bench.schema.base import SCHEMA_VERSION, AnswerType, DesignName, FrozenMap, PlannedName, Record
from rest_bench.schema.problems import Problem
from rest_bench.schema.samples import EngineInfo, Sampling


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

    name: PlannedName
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
    chance: float = Field(0.0, ge=0, lt=1)
    """Accuracy of a guess: one over the number of options, mean over all problems of the task; 0 without options."""


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
    settings: FrozenMap[bool | int | float | str] = Field(
        default_factory=dict, validate_default=True, exclude_if=lambda settings: not settings
    )
    """Of this call, that may change a reply in its last digits, such as `tensor_parallel_size`: those that are not the
    default; not written where there are none."""
    addresses: tuple[str, ...] = Field((), exclude_if=lambda addresses: not addresses)
    """Of the servers that it asked, without user and password; none, and then not written, without a server."""
    n_asked: int | None = Field(None, ge=0, exclude_if=lambda n_asked: n_asked is None)
    """Replies that it added; null, and then not written, where it did not end well or is older than this field."""


class Shard(Record):
    """Part `index` of `count` of a run; `rest-bench merge` joins the parts."""

    index: int = Field(ge=1)
    count: int = Field(ge=1)

    def share(self, n_packs: int) -> int:
        """Return how many of so many packs belong to it: every `count`-th, from the `index`-th on."""
        return len(range(self.index - 1, n_packs, self.count))

    def __str__(self) -> str:
        """Return it as `--shard` has it, such as 2/3."""
        return f"{self.index}/{self.count}"


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
