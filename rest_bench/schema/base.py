"""What every noun is made of: the closed, frozen record, and the words that several records use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, WrapSerializer

SCHEMA_VERSION = 3
"""Raised when a field of a record on disk changes its meaning."""

BuiltInAnswerType = Literal["integer", "math", "choice", "code"]
AnswerType = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_-]{0,63}$")]
"""A built-in one, or the name of a scorer that another package adds."""
_TASK = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
TaskName = Annotated[str, StringConstraints(pattern=f"^{_TASK}$")]
"""Of one task: it becomes part of file names, so there is no separator, no leading dot and no blank in it."""
PlannedName = Annotated[str, StringConstraints(pattern=rf"^{_TASK}(?:\+{_TASK})*$")]
"""Of a task in a manifest: that of one, or with the design `mixed` those of several with `+` between them."""
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
    WrapSerializer(lambda mapping, serialize: serialize(dict(mapping))),
]
"""A read-only mapping with text keys."""


class Record(BaseModel):
    """A frozen noun that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
