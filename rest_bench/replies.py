"""Replies made elsewhere: the line format that `rest-bench grade` reads and the one that it writes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import ConfigDict, Field, JsonValue, ValidationError, field_validator, model_validator

from rest_bench.errors import RestBenchError, StoreError
from rest_bench.plugins import plugins
from rest_bench.schema import (
    AnswerType,
    BuiltInAnswerType,
    FinishReason,
    FoundBy,
    Option,
    Outcome,
    Pack,
    Problem,
    Record,
    Response,
    Score,
)
from rest_bench.schema.exact_json import read_json

TASK_NAME = "replies"


class ReplyLine(Record):
    """One line of input: a reply with the golds of the questions that it answers."""

    # Notes, sources and expectations may stand beside the fields that are read.
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    id: str
    """Any text; it comes back in the line of output."""
    stress_level: int = Field(ge=1)
    """How many questions the reply answers."""
    answer_type: AnswerType
    """Of every question."""
    golds: tuple[JsonValue, ...]
    """One per position: text or a number; for `code` the tests."""
    response: str
    """All that was generated, thinking tags included."""
    finish_reason: FinishReason | None = "stop"
    """`length` where the token limit was hit; null where that is not known."""
    reasoning_content: str | None = None
    """Thinking that a server split off."""
    thinking_prefilled: bool = False
    """The prompt ended inside an opened thinking block."""
    options: tuple[dict[str, str], ...] | None = None
    """Choice only: letter to text, one mapping per position."""

    @field_validator("answer_type")
    @classmethod
    def _has_a_scorer(cls, answer_type: str) -> str:
        known = get_args(BuiltInAnswerType)
        if answer_type not in known and answer_type not in (others := plugins("scorer")):
            raise ValueError(f"must be one of {', '.join((*known, *others))}, not {answer_type!r:.60}")
        return answer_type

    @model_validator(mode="after")
    def _one_per_position(self) -> "ReplyLine":
        if len(self.golds) != self.stress_level:
            raise ValueError(f"golds has {len(self.golds)} entries where stress_level is {self.stress_level}")
        if self.options is not None and len(self.options) != self.stress_level:
            raise ValueError(f"options has {len(self.options)} entries where stress_level is {self.stress_level}")
        return self


class Reply(NamedTuple):
    """A reply as the line of the pipeline takes it."""

    id: str
    pack: Pack
    response: Response


class GradedReply(Record):
    """One line of output; every list has one entry per position."""

    id: str
    answers: tuple[str | None, ...]
    correct: tuple[bool, ...]
    outcomes: tuple[Outcome, ...]
    found_by: tuple[FoundBy, ...]
    paper_answers: tuple[str, ...]
    paper_correct: tuple[bool | None, ...]
    """Null where the paper's reading could not be judged."""


def reply_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of input."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ReplyLine.model_json_schema(),
    }


def read_replies(path: Path) -> Iterator[Reply]:
    """Yield the replies of a JSONL file, one at a time; blank lines are passed over.

    Raises:
        StoreError: the file or a line of it cannot be read; the line and the field are named.
    """
    try:
        lines = path.open("rb")
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}); give a JSONL file of replies") from error
    with lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _read_line(line, f"{path} line {number}")


def graded_reply(reply: Reply, scores: tuple[Score, ...]) -> GradedReply:
    """Return the line of output for a reply with its scores."""
    return GradedReply(
        id=reply.id,
        answers=tuple(score.answer for score in scores),
        correct=tuple(score.correct for score in scores),
        outcomes=tuple(score.outcome for score in scores),
        found_by=tuple(score.found_by for score in scores),
        paper_answers=tuple(score.answer_paper for score in scores),
        paper_correct=tuple(score.correct_paper for score in scores),
    )


def reply_of(fields: Mapping[str, Any], where: str, kind: type[RestBenchError]) -> Reply:
    """Return the reply that a line of input says, given as a dict.

    Args:
        fields: of `ReplyLine`, and others that are left alone.
        where: the line, for the sentence.
        kind: of the error.

    Raises:
        RestBenchError: of this kind; a field is missing or wrong.
    """
    try:
        return _reply(ReplyLine.model_validate(without_surrogates(dict(fields))))
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise kind(f"{where}: {field + ': ' if field else ''}{fault['msg']}") from error
    except RecursionError as error:
        raise kind(f"{where}: nested too deeply; one flat object a line") from error


def _read_line(line: bytes, where: str) -> Reply:
    try:
        fields = read_json(line.decode("utf-8-sig"), str)
    except UnicodeDecodeError as error:
        raise StoreError(f"{where}: not valid UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise StoreError(
            f"{where}: not valid JSON ({error.msg} at character {error.pos}); one object a line"
        ) from error
    except RecursionError as error:
        raise StoreError(f"{where}: JSON nested too deeply; one flat object a line") from error
    except ValueError as error:
        raise StoreError(f"{where}: {error}; take one of them out") from error
    if not isinstance(fields, dict):
        raise StoreError(f"{where}: is no JSON object; one object a line")
    return reply_of(fields, where, StoreError)


def _reply(line: ReplyLine) -> Reply:
    problems = tuple(
        Problem(
            id=str(position),
            question="",
            gold=gold if isinstance(gold, str) else json.dumps(gold, ensure_ascii=False),
            answer_type=line.answer_type,
            options=_options(line, position),
        )
        for position, gold in enumerate(line.golds, start=1)
    )
    pack_id = hashlib.sha256(f"{TASK_NAME}\n{line.id}".encode()).hexdigest()[:16]
    level = line.stress_level
    pack = Pack(
        pack_id=pack_id, task=TASK_NAME, level=level, design="cyclic-first", seed=0, repeat=0, problems=problems
    )
    response = Response(
        sample_id=pack_id,
        pack_id=pack_id,
        task=TASK_NAME,
        level=level,
        repeat=0,
        text=line.response,
        reasoning=line.reasoning_content,
        finish_reason=line.finish_reason,
        thinking_prefilled=line.thinking_prefilled,
    )
    return Reply(line.id, pack, response)


def _options(line: ReplyLine, position: int) -> tuple[Option, ...]:
    if line.options is None:
        return ()
    return tuple(Option(letter=letter, text=text) for letter, text in line.options[position - 1].items())


def without_surrogates(value: Any) -> Any:
    r"""Replace lone surrogates (a JSON escape such as "\ud800"), which no UTF-8 file can hold, by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [without_surrogates(part) for part in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(part) for key, part in value.items()}
    return value
