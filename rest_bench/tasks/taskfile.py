"""The YAML of a task: a strict model, and every fault of a file told in one sentence."""

import hashlib
from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from rest_bench.config import WRONG_TAG, YAML_FAULTS, YAML_TAG_FAULTS
from rest_bench.errors import TaskError
from rest_bench.plugins import plugins
from rest_bench.schema import AnswerType, TaskName

MAX_FILE_BYTES = 1_000_000
"""Of a task file or a template: a larger one is data given by mistake."""

Format = Literal["jsonl", "json", "json-map", "csv", "csv-headerless", "parquet"]
GoldRule = Literal["as_written", "after_hashes", "last_box", "whole_number"]
AnswerIs = Literal["text", "letter", "index", "number"]
OptionOrder = Literal["as_given", "protocol", "shuffled"]

KEYS_OF_GOLD: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "integer": (frozenset({"answer"}), frozenset({"gold_rule"})),
    "math": (frozenset({"answer"}), frozenset({"gold_rule"})),
    "choice": (frozenset({"answer"}), frozenset({"wrong", "options", "answer_is"})),
    "code": (frozenset({"tests"}), frozenset({"starter_code", "fn_name"})),
}
"""The source keys that make a gold, required and optional; each is refused where it has no meaning. The answer types of
other packages have those of `math`."""


def _check_column(column: object) -> object:
    if isinstance(column, bool) or not isinstance(column, str | int) or column == "":
        raise ValueError("must be the name of a column, or its number counted from 1")
    if isinstance(column, int) and column < 1:
        raise ValueError("column numbers count from 1")
    return column


def _check_options(options: object) -> object:
    if not isinstance(options, list | tuple):
        return _check_column(options)
    if not 2 <= len(options) <= 26:
        raise ValueError("must be 2 to 26 columns, or one column that holds a list")
    return tuple(map(_check_column, options))


def _check_path(path: str) -> str:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ValueError("must be a relative path without `..`")
    return path


def _check_levels(levels: tuple[int, ...]) -> tuple[int, ...]:
    if not levels or levels[0] < 1 or list(levels) != sorted(set(levels)):
        raise ValueError("must be numbers from 1 in ascending order, each once")
    return levels


Column = Annotated[str | int, BeforeValidator(_check_column)]
Options = Annotated[str | int | tuple[str | int, ...], BeforeValidator(_check_options)]
RelativePath = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_check_path)]


class _Closed(BaseModel):
    # Without strict, `repeats: "1"` and `repeats: 1.0` would pass for 1.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Fields(_Closed):
    """Which column of a row holds what."""

    id: Column | None = None
    """Without it, a problem's id is its row number, counted from 1."""
    question: Column
    answer: Column | None = None
    """The gold; for `choice` the correct option."""
    gold_rule: GoldRule = "as_written"
    """How the gold is taken out of the answer column."""
    wrong: Annotated[tuple[Column, ...], Field(strict=False, max_length=25)] = ()
    """Choice only: the texts of the wrong options, where `answer` holds that of the correct one."""
    options: Options | None = None
    """Choice only: the columns of all options, or the one that holds them as a list."""
    answer_is: AnswerIs | None = None
    """Choice only: how `answer` names one of the options."""
    starter_code: Column | None = None
    fn_name: Column | None = None
    tests: Column | None = None
    difficulty: Column | None = None
    metadata: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Columns copied to the problem's metadata."""
    leave_out: Annotated[tuple[str | int, ...], Field(strict=False)] = ()
    """Ids of problems that are not asked, such as those with a known fault."""


def _check_choice(fields: Fields, place: str, order: OptionOrder | None) -> None:
    if not fields.wrong and not fields.options:
        raise ValueError(f"answer_type choice needs the key {place}.wrong or {place}.options")
    if fields.wrong and fields.options:
        raise ValueError(f"give {place}.wrong or {place}.options, and not both")
    if fields.wrong and fields.answer_is not in {None, "text"}:
        raise ValueError(f"{place}.answer_is: with `wrong`, the answer is a text; list all options under `options`")
    if fields.wrong and order == "as_given":
        raise ValueError("option_order as_given needs `options`: with `wrong`, the correct one would always be A")


class LocalSource(Fields):
    """A file under the data folder, or beside the task file."""

    path: RelativePath
    format: Format


class HubSource(Fields):
    """A data set of the Hugging Face hub."""

    path: str = Field(min_length=1)
    config: str | None = None
    split: str = Field(min_length=1)
    revision: str = Field(min_length=1)
    """A commit, so that the data cannot change; `main` is taken, but pins nothing."""


class Sources(_Closed):
    """Where the problems come from; the local file is looked up first."""

    local: LocalSource | None = None
    hub: HubSource | None = None

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if self.local is None and self.hub is None:
            raise ValueError("needs `local:` or `hub:`")
        return self


class TaskFile(_Closed):
    """A task file, key by key; docs/tasks.md explains each."""

    name: TaskName
    title: str = Field(min_length=1)
    answer_type: AnswerType
    levels: Annotated[tuple[int, ...], Field(strict=False), AfterValidator(_check_levels)]
    repeats: int = Field(ge=1)
    template: RelativePath
    source: Sources
    licence: str | None = None
    citation: str | None = None
    difficulty_source: str | None = None
    option_order: OptionOrder | None = None
    option_seed: int | None = None

    @field_validator("answer_type")
    @classmethod
    def _has_a_scorer(cls, answer_type: str) -> str:
        if answer_type not in KEYS_OF_GOLD and answer_type not in (others := plugins("scorer")):
            known = ", ".join((*KEYS_OF_GOLD, *others))
            raise ValueError(f"must be one of {known}, not {answer_type!r:.60}")
        return answer_type

    @model_validator(mode="after")
    def _keys_fit_the_answer_type(self) -> Self:
        required, optional = KEYS_OF_GOLD.get(self.answer_type, KEYS_OF_GOLD["math"])
        meaningless = frozenset().union(*(a | b for a, b in KEYS_OF_GOLD.values())) - required - optional
        for place in ("local", "hub"):
            fields = getattr(self.source, place)
            if fields is None:
                continue
            if missing := sorted(required - fields.model_fields_set):
                raise ValueError(f"answer_type {self.answer_type} needs the key source.{place}.{missing[0]}")
            if surplus := sorted(meaningless & fields.model_fields_set):
                raise ValueError(f"answer_type {self.answer_type} has no use for source.{place}.{surplus[0]}")
            if (fields.difficulty is None) != (self.difficulty_source is None):
                raise ValueError("a `difficulty` column needs a `difficulty_source` that names its scale, and back")
            if self.answer_type == "choice":
                _check_choice(fields, f"source.{place}", self.option_order)
        return self

    @model_validator(mode="after")
    def _option_order_fits(self) -> Self:
        if self.answer_type != "choice" and self.option_order is not None:
            raise ValueError("option_order is for answer_type choice")
        if self.option_order != "shuffled" and self.option_seed is not None:
            raise ValueError("option_seed needs `option_order: shuffled`")
        return self


class _Loader(yaml.SafeLoader):
    """The safe loader, which moreover refuses a key that occurs twice instead of dropping the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} occurs twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_task_file(path: Path) -> tuple[TaskFile, str]:
    """Read a task file and return it with the sha256 of its bytes.

    Raises:
        TaskError: the file is missing, too large, not YAML, or a key is unknown, missing or of the wrong type.
    """
    content = read_small_file(path, "task file")
    try:
        # `_Loader` constructs what SafeLoader constructs: plain values, no Python objects.
        keys = yaml.load(content.decode("utf-8-sig"), _Loader)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TaskError(f"{path}, line {line}: not UTF-8; save the task file as UTF-8") from error
    except YAML_FAULTS as error:
        raise TaskError(f"{path}: not valid YAML: {_yaml_fault(error)}") from error
    if not isinstance(keys, dict):
        raise TaskError(f"{path}: must hold `key: value` lines, such as `name: toy`")
    try:
        return TaskFile.model_validate(keys), hashlib.sha256(content).hexdigest()
    except ValidationError as error:
        raise TaskError(f"{path}: {_first_fault(error)}") from error


def read_small_file(path: Path, kind: str) -> bytes:
    """Return the bytes of a task file or template.

    Raises:
        TaskError: the file is missing, unreadable or larger than MAX_FILE_BYTES.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise TaskError(f"{path}: the {kind} cannot be read ({error.strerror})") from error
    if len(content) > MAX_FILE_BYTES:
        raise TaskError(f"{path}: larger than {MAX_FILE_BYTES} bytes, so it is no {kind}")
    return content


def _yaml_fault(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"{error.problem} (line {error.problem_mark.line + 1})"
    if isinstance(error, YAML_TAG_FAULTS):
        return WRONG_TAG
    return "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"the key `{key}` is missing"
    if fault["type"] == "extra_forbidden":
        known = {name for model in (TaskFile, Sources, LocalSource, HubSource) for name in model.model_fields}
        nearest = get_close_matches(str(fault["loc"][-1]), known, n=1)
        return f"unknown key `{key}`" + (f"; did you mean `{nearest[0]}`?" if nearest else "; docs/tasks.md lists all")
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"`{key}`: {message}" if key else message
