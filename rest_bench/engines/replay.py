"""Step 4 without a model: replies made elsewhere for the packs of `rest-bench packs`, read from a JSONL file."""

import hashlib
import logging
from array import array
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, NamedTuple, Self

from pydantic import ConfigDict, Field, Strict, ValidationError

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.tokens import mend_surrogates, refuse, respond
from rest_bench.errors import ConfigError, EngineError
from rest_bench.schema import MOST_TOKENS, EngineInfo, FinishReason, Prompt, Record, Response, Sampling
from rest_bench.schema.exact_json import read_json

LOG = logging.getLogger(__name__)

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is no reply; it is refused before it fills the memory."""

_BOM = b"\xef\xbb\xbf"


class ReplayLine(Record):
    """One line of a file of replies: pack_id, text and finish_reason, or any more of Response."""

    model_config = ConfigDict(strict=True)  # "12" is no number of tokens

    pack_id: str
    text: str
    finish_reason: FinishReason | None
    """Null where it is not known how the reply ended."""
    repeat: int | None = Field(None, ge=0)
    """Null or 0: the pack's own."""
    reasoning: str | None = None
    """Also read from `reasoning_content`."""
    prompt_tokens: int | None = Field(None, ge=0, le=MOST_TOKENS)
    completion_tokens: int | None = Field(None, ge=0, le=MOST_TOKENS)
    line_tokens: Annotated[tuple[int, ...], Strict(False)] | None = None
    thinking_prefilled: bool = False
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    """The seed that was used there, if any."""
    error: str | None = None
    latency_s: float | None = Field(None, ge=0)

    sample_id: str | None = None
    """Read and left: the response carries its prompt's own. So are task and level."""
    task: str | None = None
    level: int | None = None


class _Index(NamedTuple):
    """Where the replies stand in the file; nothing of their text."""

    line_numbers: dict[str, int]
    """Pack id to the line that counts, from 1."""
    offsets: "array[int]"
    """Line number less 1 to the byte at which the line begins."""


class ReplayEngine:
    """Answers each prompt with the line that has its pack_id.

    Opening reads and checks every line once, and keeps only where each stands; texts are read again when asked for.

    Raises:
        ConfigError: no file is named.
        EngineError: the file cannot be read, or a line is no reply; names file and line.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:  # noqa: ARG002
        if config.responses is None:
            raise ConfigError("--engine replay: needs --responses FILE, a JSONL file with pack_id, text, finish_reason")
        self._path = config.responses
        self._draining = False
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise EngineError(f"--responses {self._path}: cannot be read ({error.strerror})") from error
        try:
            self._index = _index(self._file, self._path)
            self.info = EngineInfo(
                engine="replay",
                engine_version=version("rest-bench"),
                model=config.model,
                revision=_hash(self._file),
            )
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def drain(self) -> None:
        """Let `generate` end before the next prompt."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:  # noqa: ARG002
        """Yield the reply of each prompt in order, and an `error` response where the file has none.

        `sampling` has no effect: whoever made the replies chose it.

        Raises:
            EngineError: no line belongs to any prompt, or one belongs to another repeat of its pack.
        """
        used: set[int] = set()  # line numbers
        unanswered: list[Prompt] = []  # held back until one line fits: a file for other packs answers nothing
        for prompt in prompts:
            if self._draining:
                return
            line_number = self._index.line_numbers.get(prompt.pack_id)
            if line_number is not None:
                used.add(line_number)
                yield self._reply(prompt, line_number)
            elif used:
                yield self._missing(prompt)
            else:
                unanswered.append(prompt)
        if unanswered and not used:
            raise EngineError(
                f"--responses {self._path}: none of its {len(self._index.line_numbers)} replies belongs to any of the "
                f"{len(unanswered)} packs asked for; task, levels, design, seed, repeats and limit must be those that "
                "the packs were made with"
            )
        yield from (self._missing(prompt) for prompt in unanswered)
        if used:
            self._warn_of_unused(used)

    def _reply(self, prompt: Prompt, line_number: int) -> Response:
        line = _line_at(self._file, self._path, self._index.offsets, line_number)
        if line.pack_id != prompt.pack_id:
            raise EngineError(f"--responses {self._path}: changed while it was read; start again")
        if line.repeat not in (None, 0, prompt.repeat):
            raise EngineError(
                f"--responses {self._path}, line {line_number}: repeat is {line.repeat}, but pack "
                f"{prompt.pack_id} is of repeat {prompt.repeat}; leave repeat out, as the pack_id decides it"
            )
        fields = line.model_dump(exclude={"pack_id", "sample_id", "task", "level", "repeat", "text", "finish_reason"})
        if line.finish_reason == "error" and line.error is None:
            fields["error"] = f"line {line_number} of {self._path.name} says error and gives no sentence"
        return respond(prompt, line.text, line.finish_reason, **fields)

    def _missing(self, prompt: Prompt) -> Response:
        return refuse(prompt, f"{self._path.name} has no reply for pack {prompt.pack_id}; add it, and use a new --out")

    def _warn_of_unused(self, used: set[int]) -> None:
        line_numbers = self._index.line_numbers
        unused = [(number, pack_id) for pack_id, number in line_numbers.items() if number not in used]
        if unused:
            LOG.warning(
                "--responses %s: %d of %d replies were not asked for, the first being line %d (pack %s); "
                "their settings are not those of this run, or it holds them already",
                *(self._path, len(unused), len(line_numbers), *min(unused)),
            )


# --- the file ---------------------------------------------------------------------------------------------------------


def _index(file: BufferedReader, path: Path) -> _Index:
    """Check every line and return where the reply of each pack stands.

    A line that tells of an error gives way to any other of its pack. Lines that say the same count once.
    """
    line_numbers: dict[str, int] = {}
    offsets = array("q")
    for line_number, offset, raw in _lines(file, path):
        offsets.extend([offset] * (line_number - len(offsets)))  # blank lines take a place, too
        line = _parse(raw, f"--responses {path}, line {line_number}")
        earlier_number = line_numbers.setdefault(line.pack_id, line_number)
        if earlier_number == line_number:
            continue
        earlier = _line_at(file, path, offsets, earlier_number)  # read again, as few packs have two lines
        file.seek(offset + len(raw))
        if earlier.finish_reason == "error":
            line_numbers[line.pack_id] = line_number
        elif line.finish_reason != "error" and _replayed(line) != _replayed(earlier):
            raise EngineError(
                f"--responses {path}: lines {earlier_number} and {line_number} give pack {line.pack_id} two "
                "different replies; keep one"
            )
    if not line_numbers:
        raise EngineError(f"--responses {path}: holds no replies; it needs one JSON object per line")
    return _Index(line_numbers, offsets)


def _replayed(line: ReplayLine) -> ReplayLine:
    """Return a line without what is read and left, or may differ between equal replies."""
    unused = dict.fromkeys(("sample_id", "task", "level", "seed", "latency_s", "repeat"))
    return line.model_copy(update=unused)


def _line_at(file: BufferedReader, path: Path, offsets: "array[int]", line_number: int) -> ReplayLine:
    file.seek(offsets[line_number - 1])
    return _parse(file.readline(MAX_LINE_BYTES), f"--responses {path}, line {line_number}")


def _lines(file: BufferedReader, path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield line number (from 1), byte offset and bytes of every line that is not blank."""
    line_number, offset = 0, 0
    while raw := file.readline(MAX_LINE_BYTES):
        line_number += 1
        if len(raw) == MAX_LINE_BYTES:
            raise EngineError(
                f"--responses {path}, line {line_number}: is longer than {MAX_LINE_BYTES // 1024**2} MiB; "
                "it needs one JSON object per line"
            )
        if raw.strip(_BOM + b" \t\r\n"):
            yield line_number, offset, raw
        offset += len(raw)


def _parse(raw: bytes, where: str) -> ReplayLine:
    """Read one line.

    Raises:
        EngineError: it is no reply; the sentence begins with `where`.
    """
    fields = _read_object(raw, where)
    if fields.get("reasoning") is None and "reasoning_content" in fields:
        fields["reasoning"] = fields.pop("reasoning_content")
    if fields.get("text", "") is None and fields.get("finish_reason") in ("length", "error"):
        fields["text"] = ""  # servers send null where the budget went before any final text
    try:
        line = ReplayLine.model_validate(fields)
    except ValidationError as error:
        raise EngineError(f"{where}: {_first_fault(error)}") from error
    if line.line_tokens is not None and sum(line.line_tokens) != line.completion_tokens:
        raise EngineError(f"{where}: line_tokens do not sum to completion_tokens; mend them or leave line_tokens out")
    return line


def _read_object(raw: bytes, where: str) -> dict[str, Any]:
    try:
        fields = read_json(raw.removeprefix(_BOM).decode(), float)
    except UnicodeDecodeError as error:
        raise EngineError(f"{where}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{where}: is not JSON ({error}); it needs one JSON object per line") from error
    if not isinstance(fields, dict):
        raise EngineError(f"{where}: is no JSON object; it needs pack_id, text and finish_reason")
    return {
        mend_surrogates(key): mend_surrogates(value) if isinstance(value, str) else value
        for key, value in fields.items()
    }


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    key = str(fault["loc"][0])[:80]
    if fault["type"] == "missing":
        return f"lacks {key}; it needs pack_id, text and finish_reason"
    if fault["type"] == "extra_forbidden":
        return f"has an unknown key {key!r}; take it out, or correct its spelling"
    return f"{key}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _hash(file: BufferedReader) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
