"""What a model is asked and what it answers: packs, prompts, sampling, responses."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo

from rest_bench.schema.base import AnswerType, DesignName, FinishReason, FrozenMap, Record
from rest_bench.schema.problems import Problem


def _is_null(value: object) -> bool:
    """Return whether a field that older files lack is left out, so that their bytes and hashes stay what they are."""
    return value is None


MOST_TOKENS = 1_000_000_000
"""A larger count is no count of tokens of one prompt or reply; no model comes near."""


def is_count(value: object) -> bool:
    """Return whether a value can be the number of tokens of one prompt or reply."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS


def _known_tokens(value: object, info: ValidationInfo) -> object:
    """Return a count, or counts, of tokens; null for a number that cannot be one.

    It is no reason to lose a reply that is paid for. Who reads files is told in the context, a set of field names.
    """
    counts = value if isinstance(value, list | tuple) else [value]
    if all(not isinstance(count, int | float) or 0 <= count <= MOST_TOKENS for count in counts):
        return value  # what is no number at all is the field's to refuse
    if isinstance(info.context, set):
        info.context.add(info.field_name)
    return None


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


class Endpoint(Record):
    """A server of the openai engine: where it is, and what tells its model from another of the same name."""

    address: str
    """Without user, password and query."""
    facts: FrozenMap[str] = Field(default_factory=dict, validate_default=True)
    """What its list of models says of the model: root, parent, owned_by, context and the like, as far as it does."""
    created: int | None = None
    """Seconds since 1970: when the server started or, of hosted models, when the model was made."""
    greedy_answer: str | None = None
    """How its greedy answer to a fixed question begins; null where it gave none."""
    greedy_sha256: str | None = None
    """Of the whole answer, thinking included."""
    greedy_stable: bool = False
    """It gave this answer twice; one that varies tells nothing and is not compared."""


class AdapterInfo(Record):
    """A LoRA adapter: what of it, besides its name, makes the replies what they are."""

    base_model: str
    """As the user or the adapter named it."""
    base_revision: str | None
    """The commit of a hub model, or a hash over the files of a local folder."""
    sha256: str
    """Over the adapter's own files."""

    @property
    def identity(self) -> str:
        """What two runs must share: the contents of adapter and base, wherever the base lies."""
        return f"{self.sha256[:16]} on {(self.base_revision or self.base_model)[:16]}"


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
    adapter: AdapterInfo | None = Field(None, exclude_if=_is_null)
    """Null, and then not written, for a whole model."""
    arguments: str | None = Field(None, exclude_if=_is_null)
    """What else the replies depend on, a JSON object; null, and then not written, for most engines."""
    quantization: str | None = Field(None, exclude_if=_is_null)
    """How the weights were quantized while they were loaded, beyond what the model's own files hold, such as fp8; null,
    and then not written, where they are as in the files."""
    kv_cache_dtype: str | None = Field(None, exclude_if=_is_null)
    """Precision of the cache of keys and values, such as fp8; null, and then not written, where it is that of the
    model."""
    max_model_len: int | None = Field(None, exclude_if=_is_null)
    """Tokens of prompt and reply together that the user allowed; null, and then not written, where nothing was said."""
    weights_format: str | None = Field(None, exclude_if=_is_null)
    """How the model's own files, or the engine's arguments, hold the weights, such as gptq; null, and then not written,
    for plain numbers, and where nobody says so."""
    endpoints: tuple[Endpoint, ...] = Field((), exclude_if=lambda endpoints: not endpoints)
    """The servers behind the replies, each as it was first known; none, and then not written, without a server."""


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
    finish_reason: FinishReason | None
    """Null where whoever generated it did not say how it ended."""
    prompt_tokens: Annotated[int | None, BeforeValidator(_known_tokens)] = None
    """Null where nobody counted them, and for a number that no prompt has (below 0, or above MOST_TOKENS)."""
    completion_tokens: Annotated[int | None, BeforeValidator(_known_tokens)] = None
    """As `prompt_tokens`."""
    line_tokens: Annotated[tuple[int, ...] | None, BeforeValidator(_known_tokens)] = None
    """Tokens of each line of reasoning + text (lines end at `\\n`); their sum is `completion_tokens`."""
    thinking_prefilled: bool = False
    """The rendered prompt ended inside an opened thinking block."""
    seed: int | None = None
    error: str | None = None
    """A sentence, where finish_reason is `error`."""
    latency_s: float | None = None
